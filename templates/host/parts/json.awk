# Writes texts of others into JSON: json(TEXT) is a string. What is no ASCII becomes a question mark, as in messages.

function json(text,   i, letter, written) {
  if (!(1 in control)) for (i = 1; i < 32; i++) { control[i] = sprintf("%c", i); code[control[i]] = i }
  for (i = 1; i <= length(text); i++) {
    letter = substr(text, i, 1)
    if (letter == "\"" || letter == "\\") written = written "\\" letter
    else if (letter in code) written = written sprintf("\\u%04x", code[letter])
    else written = written (letter >= " " && letter <= "~" ? letter : "?")
  }
  return "\"" written "\""
}
