// Runs before the page is painted, so that a chosen theme does not flash. Not a module: those run later.
(() => {
  const chosen = localStorage.getItem('intarsia.theme');
  if (chosen === 'light' || chosen === 'dark') {
    document.documentElement.dataset.theme = chosen;
  }
})();
