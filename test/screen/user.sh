# The shell of somebody who starts redgreen: it notes the terminal's settings before and after in the folder $1, and then shows its prompt again.
note=$1
shift
trap : INT
stty -g >"$note/before"
"$@"
code=$?
stty -g >"$note/after"
printf '[exit %s]$ ' "$code"
read -r _
