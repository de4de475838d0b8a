package recognise

import (
	"slices"
	"testing"
)

// What grows or is made of what grows is a product of its own: a laboratory has not yet found its active compound.
func TestPlantProductsAreNotTheirActiveCompound(t *testing.T) {
	l := shipped(t)
	for text, want := range map[string][]string{
		// Russian, as police and doctors write
		"При досмотре изъят гашиш массой 12 г":                 {"Cannabis resin"},
		"смола каннабиса, спрессованная, тёмно-коричневая":     {"Cannabis resin"},
		"изъято 3 кг гашиша и 200 г марихуаны":                 {"Cannabis resin", "Cannabis herb"},
		"курил анашу со знакомыми":                             {"Cannabis"},
		"незаконное культивирование конопли на дачном участке": {"Cannabis"},
		"высушенная ганжа в пакете":                            {"Cannabis herb"},
		"кустарное гашишное масло в шприце":                    {"Cannabis oil"},
		"шишки в фольге":                                       {"?шишки"},
		"обнаружен ТГК, со слов курил марихуану":               {"THC", "Cannabis herb"},
		"сырой опий в плитках":                                 {"Opium"},
		"маковая соломка, 4 мешка":                             {"Poppy straw"},
		"маковой соломкой торговал сосед":                      {"Poppy straw"},
		"изъят концентрат маковой соломки":                     {"Concentrate of Poppy Straw"},
		"опийный мак на огороде":                               {"Poppy straw"},
		"съел псилоцибиновые грибы":                            {"Psilocybin mushrooms"},
		"грибы псилоцибиновые сушёные":                         {"Psilocybin mushrooms"},
		"листья коки в багаже":                                 {"Coca Leaf"},
		"жевал листья ката":                                    {"Khat"},
		"заваривал эфедру":                                     {"Ephedra"},
		"настой шалфея предсказателей":                         {"Salvia divinorum"},
		"псилоцибин подтверждён в материале":                   {"Psilocybin"},
		"насвай за губой":                                      {"Tobacco"},
		"табак без примесей":                                   nil,
		// Kazakh
		"Гашиш тәркіленді, салмағы 15 г":  {"Cannabis resin"},
		"каннабис шайыры табылды":         {"Cannabis resin"},
		"шөлмектегі гашиш майы":           {"Cannabis oil"},
		"Марихуананы сақтаған":            {"Cannabis herb"},
		"қарасора егілген жер":            {"Cannabis"},
		"анаша шеккен":                    {"Cannabis"},
		"апиын өткізген":                  {"Opium"},
		"көкнәр сабаны 2 қап":             {"Poppy straw"},
		"псилоцибинді саңырауқұлақ жеген": {"Psilocybin mushrooms"},
		"темекі шеккен":                   nil,
		"қара шай ішкен":                  nil,
		// English
		"2 kg of hashish in a suitcase":            {"Cannabis resin"},
		"pressed cannabis resin":                   {"Cannabis resin"},
		"herbal cannabis, vacuum packed":           {"Cannabis herb"},
		"smoked marijuana and drank":               {"Cannabis herb"},
		"hash oil cartridge":                       {"Cannabis oil"},
		"cannabis plants under lamps":              {"Cannabis"},
		"delta-9-THC 4 ng/mL, history of cannabis": {"THC", "Cannabis"},
		"raw opium, 10 bars":                       {"Opium"},
		"opium poppy field":                        {"Poppy straw"},
		"chewing khat":                             {"Khat"},
		"ate magic mushrooms":                      {"Psilocybin mushrooms"},
		"synthetic marijuana":                      {"synthetic cannabinoid (class)"},
	} {
		if got := say(l.Recognise(text)); !slices.Equal(got, want) {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// An antidote that was given is no substance of the event; the same name in a laboratory's list is.
func TestAntidotesGivenAreNotFindings(t *testing.T) {
	l := shipped(t)
	for text, want := range map[string][]string{
		"налоксон помог": nil,
		"Героин. Введён налоксон 0,4 мг в/в, сознание ясное":       {"Heroin"},
		"после введения налоксона дыхание восстановилось, метадон": {"Methadone"},
		"бригадой СМП дважды налоксон, без эффекта":                nil,
		"введён флумазенил, феназепам подтверждён":                 {"Phenazepam"},
		"на атропин и налоксон не реагирует":                       nil,
		"налоксон ингибитор, ХТИ: героин":                          {"Naloxone", "Heroin"},
		"ХТИ: морфин, кодеин, налоксон":                            {"Morphine", "Codeine", "Naloxone"},
		"в моче налоксон и бупренорфин":                            {"Naloxone", "Buprenorphine"},
		"налоксон енгізілді":                                       nil,
		"налоксоннан кейін есін жиды, героин":                      {"Heroin"},
		"флумазенил берілді":                                       nil,
		"қанда налоксон, метадон":                                  {"Naloxone", "Methadone"},
		"given naloxone": nil,
		"Narcan administered x2 by EMS; fentanyl in blood": {"Fentanyl"},
		"unresponsive, received 4 mg intranasal Narcan":    nil,
		"revived with naloxone":                            nil,
		"flumazenil reversed the sedation from bromazolam": {"Bromazolam"},
		"Fentanyl, naloxone, xylazine":                     {"Fentanyl", "Naloxone", "Xylazine"},
		"Toxicology: naloxone 12 ng/mL, fentanyl 9 ng/mL":  {"Naloxone", "Fentanyl"},
		"Narcan given. Toxicology: Naloxone, Fentanyl":     {"Naloxone", "Fentanyl"},
		"acute naloxone intoxication":                      {"Naloxone"},
		"injected heroin given by a friend":                {"Heroin"},
		"введён героин":                                    {"Heroin"},
	} {
		if got := say(l.Recognise(text)); !slices.Equal(got, want) {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
