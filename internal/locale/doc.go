// Package locale is everything a page needs to speak to a person in Kazakh, Russian or English: messages, plural forms,
// dates, numbers, alphabetical order, search folding and the choice of language for a request.
//
// # Messages
//
// Messages live in messages/<room>.{kk,ru,en}.toml, one file per room and language, all embedded by glob. A key is written in
// full and quoted, and is the same string in the file and in the code:
//
//	"ui.save" = "Сақтау"
//	"alert.issued_by" = "Жариялаған: {{.Name}}"
//
//	["ui.rows"]
//	one = "{{.Count}} жол"
//	other = "{{.Count}} жол"
//
// Kazakh and English need the forms one and other, Russian one, few, many and other. A placeholder is {{.Name}} and nothing
// else; the first letter of its name may be of either case in the code (an error's argument "value" fills {{.Value}}).
// The files are a small part of TOML: comments, "key" = "text" on one line, and ["key"] tables of such lines. Names of code
// values have the key "code.<list>.<value>". docs/howto-translate.md tells translators the same.
//
// Nothing is HTML-escaped here; templ does that where the text enters a page.
//
// The tests of this package read the whole module and fail on a key that is used and absent, present and unused, missing in a
// language, short of a plural form, or whose placeholders differ between languages.
package locale
