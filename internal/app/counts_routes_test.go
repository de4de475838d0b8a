package app_test

import "strings"

// countClass says how counts of persons stand on a route.
type countClass string

// The classes.
const (
	judged  countClass = "counts that go through disclosure, whoever reads them"
	leaving countClass = "counts as they may leave the centre, the same for every reader"
	own     countClass = "rows and counts of the reader's own organisation; all of them only for the neutral working side"
	cleared countClass = "numbers that a second person cleared with an alert"
	nobody  countClass = "no counts of persons"
)

// countClasses is the class of every route: a line is a method and its paths. A route that is not here fails the walk.
var countClasses = map[countClass]string{
	judged: `
		GET /{$} /overview /substances/{id} /outgoing/{template}/{year} /deaths /register
		GET /infections /treatment/tables /datasets /datasets/{code} /facilities/coverage /facilities/{id} /indicators /indicators/{code} /indicators/{code}/figure /estimates
		GET /estimates/compare /estimates/{id} /signals/table /signals/{id} /api/v1/series /api/v1/observations /api/v1/signals /api/v1/signals/{id} /api/v1/treatment/tables/{id}
		GET /api/v1/deaths/counts /api/v1/register/flow /api/v1/infections /api/v1/estimates /api/v1/estimates/{id}
	`,
	leaving: `
		GET /api/v1/outgoing/{template}/{year} /api/v1/outgoing/{template}/{year}/gaps
		GET /outgoing/exchange /outgoing/exchange/file /outgoing/{template}/{year}/gaps /outgoing/{template}/{year}/{file}
	`,
	own: `
		GET /api/v1/checks /api/v1/checks/{id} /register/cohort /infections/studies/{id}
		POST /infections/studies/{id} /infections/studies/{id}/withdraw /register/records/{id}/withdraw
		POST /api/v1/facilities /api/v1/checks/{id}/answer /api/v1/checks/{id}/return /api/v1/checks/{id}/resolve /api/v1/checks/{id}/reopen
		PUT /api/v1/facilities/{id} /api/v1/facilities/{id}/figures/{year}
		GET /reports /reports/{id} /reports/{id}/files/{file} /r /r/{receipt} /imports /uploads/{draft} /imports/{id} /imports/{id}/progress /imports/{id}/rejects.csv /mappings/new/{draft} /occurrences
		GET /occurrences/{id} /matches /lab /lab/file /lab/{report} /deaths/records /deaths/records/{id} /deaths/records/{id}/edit /register/records /register/records/{id} /treatment /treatment/{id}
		GET /treatment/{id}/correct /my-data /checks /checks/{id} /facilities/{id}/figures /observations /observations/grid /observations/{id} /estimates/new /releases /releases/{id} /signals/new /due
		GET /calendar/{file} /audit /audit/head /retention /breaches /breaches/{id} /api/v1/reports /api/v1/reports/{id} /api/v1/occurrences /api/v1/occurrences/{id} /api/v1/imports /api/v1/imports/{id}
		GET /api/v1/treatment/episodes/{id}
		POST /reports/new/{kind} /identities/{id} /reports/{id}/{step} /corrections/{id} /questions/{id}/reopen /questions/{id} /tip /imports/new /uploads/{draft} /imports/{id}/take /imports/{id}/cancel
		POST /imports/{id}/undo /mappings/new /mappings/new/{draft} /mappings/{id} /matches/{id}/{step} /lab/new /lab/file /lab/{report}/receive /lab/{report}/begin /lab/{report}/submit /lab/{report}/amend
		POST /lab/{report}/remove /lab/{report}/result /lab/{report}/release /lab/{report}/return /deaths/new /deaths/records/{id}/edit /deaths/records/{id}/withdraw /register/new /register/records/{id}
		POST /infections/new /treatment/new /treatment/{id}/correct /treatment/{id}/withdraw /treatment/coverage /checks/{id}/answer /checks/{id}/return /checks/{id}/resolve /checks/{id}/reopen /checks/ask
		POST /checks/many /checks/run /facilities/new /facilities/{id}/edit /facilities/{id}/figures /indicators/{code}/figure/use /observations/new /observations/grid /observations/{id} /estimates/new
		POST /estimates/{id}/again /estimates/{id}/withdraw /estimates/{id}/observe /api/v1/reports /api/v1/reports/{id}/steps/{step} /api/v1/tips /api/v1/observations /api/v1/treatment/episodes /api/v1/deaths
		POST /api/v1/register/registrations /api/v1/infections/studies /api/v1/estimates /api/v1/estimates/{id}/again
		PUT /api/v1/treatment/episodes/{id}
	`,
	cleared: `
		GET /alerts /alerts/new /alerts/{id} /alerts/{id}/edit /warnings /warnings/{ref} /public /public/{ref} /feed.atom /feed.json /cap/{file} /letters/{token} /foreign /foreign/{id} /api/v1/communications
		GET /api/v1/communications/{ref}
		POST /alerts/new /alerts/recipients /alerts/recipients/{id}/end /alerts/{id}/edit /alerts/{id}/photos /photos/{id} /alerts/{id}/{step} /letters/{token}/{step} /foreign/new /foreign/read
		POST /foreign/{id}/{step}
	`,
	nobody: `
		GET /wastewater/new
		POST /wastewater/new /wastewater/withdraw
		GET /api/v1/facilities /api/v1/facilities/{id} /api/v1/datasets /api/v1/datasets/{code} /api/v1/outgoing
		GET /signals /outgoing /treatment/coverage /api/v1/treatment/tables
		GET /gallery /substances /substances/suggest /substances/new /substances/{id}/names /substances/{id}/status /substances/{id}/class /regions /regions/{code} /sources /search /reports/new
		GET /reports/new/{kind} /reports/substances /tip /imports/new /mappings /mappings/new /mappings/{id} /lab/new /lab/substances /deaths/new /register/new /infections/new /treatment/new /datasets/new
		GET /datasets/{code}/edit /facilities /facilities/new /facilities/{id}/edit /wastewater /observations/new /estimates/examples/{code} /alerts/recipients /photos/{id} /warnings/mail /subscribe/{token}
		GET /foreign/new /views/new /sign-in /sign-in/code /second-factor /second-factor/qr.png /forgotten /link/{token} /account /admin/accounts /admin/accounts/new /admin/accounts/{id} /duty /admin/settings
		GET /admin/organisations /admin/organisations/new /admin/organisations/{id} /privacy /policy /breaches/new /api/v1/me /api/v1/substances /api/v1/substances/{id} /api/v1/regions /api/v1/sources
		GET /api/v1/indicators /api/v1/openapi.json /api/v1/openapi.yaml /api/docs
		POST /substances/new /substances/{id}/names /substances/{id}/names/{name}/remove /substances/{id}/status /substances/{id}/status/{status}/end /substances/{id}/class /treatment/rule /datasets/new
		POST /datasets/{code}/edit /signals/take /signals/new /signals/{id}/ask /signals/{id}/advise /signals/{id}/decide /signals/{id}/follow /signals/{id}/take /signals/{id}/close /signals/{id}/reopen
		POST /signals/{id}/assign /signals/{id}/judge /signals/{id}/refute /signals/{id}/prioritise /signals/{id}/undo/{event} /warnings/mail /subscribe/{token} /views/new /views/delete /sign-in /sign-in/code
		POST /second-factor /sign-out /forgotten /link/{token} /account/password /account/language /account/sessions/end /account/tokens /account/tokens/{id}/end /admin/accounts/new /admin/accounts/{id}
		POST /admin/accounts/{id}/link /admin/accounts/{id}/state /due/items/{id}/done /due/deputies /due/deputies/{id}/remove /due/calendar /due/calendar/end /duty /duty/{id}/remove /admin/settings
		POST /admin/settings/letter /admin/organisations/new /admin/organisations/{id} /audit/verify /retention /retention/erase /breaches/new /breaches/{id} /api/v1/recognise
	`,
}

// classesOf reads the table: "METHOD /path" to its class. A route that stands twice has none.
func classesOf() map[string]countClass {
	out := map[string]countClass{}
	for class, text := range countClasses {
		for line := range strings.Lines(text) {
			words := strings.Fields(line)
			for _, path := range words[min(1, len(words)):] {
				key := words[0] + " " + path
				if _, twice := out[key]; !twice {
					out[key] = class
				} else {
					out[key] = ""
				}
			}
		}
	}
	return out
}
