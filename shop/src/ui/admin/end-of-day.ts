/** When a day is over by the clock it was typed at, ISO 8601 in UTC: a last day is a whole day. */
export function endOfDay(day: string): string {
  const end = new Date(`${day}T00:00`);
  end.setDate(end.getDate() + 1);
  return end.toISOString();
}
