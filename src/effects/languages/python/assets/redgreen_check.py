def check(q): return {}
