package account

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// guessedWords are what people who guess try first, in small letters: the names of the product, the centre and its tasks (OWASP ASVS 5.0, 6.1.2), the commonest passwords of twelve and
// more characters in the languages of the region, whose parts they are, and the rows of keyboards. Longer ones come before their parts.
var guessedWords = func() []string {
	words := strings.Fields(`
		1234567890 123456789 12345678 1234567 123456 12345 1234 0987654321 987654321
		baqylau бақылау monitoring мониторинг centre center орталық центр demo drug drugs есірткі наркотик наркотики signal сигнал alert warning ескерту kazakhstan қазақстан казахстан
		astana астана almaty алматы шымкент shymkent police полиция hospital больница аурухана customs таможня кеден laboratory лаборатория зертхана
		password passwort passw0rd p@ssword p@ssw0rd pass parol пароль құпиясөз купиясоз құпия купия admin administrator администратор root user login welcome letmein iloveyou sunshine princess dragon football
		baseball superman batman master monkey shadow michael qwerty qwertyuiop asdfgh asdfghjkl zxcvbn zxcvbnm qazwsx qazwsxedc 1q2w3e4r5t6y 1q2w3e4r5t 1q2w3e4r q1w2e3r4t5y6 q1w2e3r4
		йцукен йцукенгшщзхъ фыва фывапролдж ячсмить любовь люблю солнышко наташа сергей привет salem сәлем abc abcd abcdef test secret changeme default`)
	slices.SortFunc(words, func(a, b string) int { return len(b) - len(a) })
	return slices.Compact(words)
}()

// A password needs so many different letters, or different characters of any kind, besides words that are guessed first.
const (
	leastLetters = 4
	leastOwn     = 8
)

// guessed reports whether a password is made of words that are tried first, with a few digits and signs about them.
func guessed(password string) bool {
	rest := strings.ToLower(norm.NFC.String(password))
	for _, w := range guessedWords {
		rest = strings.ReplaceAll(rest, w, "")
	}
	own, letters := map[rune]bool{}, 0
	for _, r := range rest {
		if !own[r] && unicode.IsLetter(r) {
			letters++
		}
		own[r] = true
	}
	return letters < leastLetters && len(own) < leastOwn
}
