package locale

import (
	"net/http"

	"golang.org/x/text/language"

	"github.com/baqylau/baqylau"
)

// Cookie is the name of the cookie that remembers the chosen language.
const Cookie = "lang"

var matcher = language.NewMatcher([]language.Tag{language.Kazakh, language.Russian, language.English})

// Negotiate is the language in which to answer r: the one asked for by ?lang=, else the remembered one, else the best of the
// browser's list (Kyrgyz or Ukrainian readers get Russian, CLDR), else Kazakh.
func Negotiate(r *http.Request) baqylau.Lang {
	if l, ok := baqylau.ParseLang(r.URL.Query().Get("lang")); ok {
		return l
	}
	if c, err := r.Cookie(Cookie); err == nil {
		if l, ok := baqylau.ParseLang(c.Value); ok {
			return l
		}
	}
	tags, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err != nil {
		return baqylau.Kazakh
	}
	if _, i, confidence := matcher.Match(tags...); confidence > language.No {
		return baqylau.Langs[i]
	}
	return baqylau.Kazakh
}
