export const engineRooms = {};
export const shopRooms = {};
