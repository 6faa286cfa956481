@echo off
echo redgreen: Windows is supported only through WSL2; open a WSL2 shell and run it there. 1>&2
exit /b 2
