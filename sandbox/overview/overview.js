// Every button calls the control API and shows what came of it.

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-action]");
  if (!button) return;
  button.disabled = true;
  try {
    const response = await fetch(button.dataset.action, { method: "POST", body: button.dataset.body });
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.error);
    await fetch("/sandbox/webhooks/idle", { method: "POST" });
    location.reload();
  } catch (error) {
    document.getElementById("status").textContent = error.message;
    button.disabled = false;
  }
});
