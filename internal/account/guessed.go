package account

import (
	"slices"
	"strings"
	"unicode"

	"github.com/baqylau/baqylau/internal/locale"
)

// guessedWords are what people who guess try first, folded: the names of the product, the centre and its tasks (OWASP ASVS 5.0, 6.1.2), the commonest passwords of twelve and
// more characters in the languages of the region, whose parts they are, and the rows of keyboards. Longer ones come before their parts.
var guessedWords = func() []string {
	words := strings.Fields(`
		baqylau бақылау monitoring мониторинг centre center орталық центр demo drug drugs есірткі наркотик наркотики signal сигнал alert warning ескерту kazakhstan қазақстан казахстан
		astana астана almaty алматы шымкент shymkent police полиция hospital больница аурухана customs таможня кеден laboratory лаборатория зертхана
		password passwort passw0rd p@ssword p@ssw0rd pass parol пароль құпиясөз кұпия құпия admin administrator администратор root user login welcome letmein iloveyou sunshine princess dragon football
		baseball superman batman master monkey shadow michael qwerty qwertyuiop asdfgh asdfghjkl zxcvbn zxcvbnm qazwsx qazwsxedc 1q2w3e4r5t6y 1q2w3e4r5t 1q2w3e4r q1w2e3r4t5y6 q1w2e3r4
		йцукен йцукенгшщзхъ фыва фывапролдж ячсмить любовь люблю солнышко наташа сергей привет salem сәлем abc abcd abcdef test secret changeme default`)
	for i, w := range words {
		words[i] = locale.Fold(w)
	}
	slices.SortFunc(words, func(a, b string) int { return len(b) - len(a) })
	return slices.Compact(words)
}()

// leastOwn is how many letters a password must have besides words that are guessed first.
const leastOwn = 4

// guessed reports whether a password is made of words that are tried first, with digits and signs about them.
func guessed(password string) bool {
	rest := locale.Fold(password)
	for _, w := range guessedWords {
		rest = strings.ReplaceAll(rest, w, "")
	}
	own := map[rune]bool{}
	for _, r := range rest {
		if unicode.IsLetter(r) {
			own[r] = true
		}
	}
	return len(own) < leastOwn
}
