const box = document.querySelector("#show");
if (box) {
  const password = document.querySelector("[name=password]");
  box.parentElement.hidden = false;
  box.onchange = () => { password.type = box.checked ? "text" : "password"; };
  password.form.onsubmit = () => { password.type = "password"; };
}