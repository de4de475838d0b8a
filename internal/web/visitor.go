package web

import (
	"net"
	"net/http"
)

// Visitor is the address by which limits tell visitors apart: that of the connection or, behind the operator's own proxies, the one that
// Proxies.Handler has put there. An IPv6 visitor has a whole /64 at hand, which is one visitor.
func Visitor(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	a, ok := address(host)
	if !ok {
		return host
	}
	if a.Is6() {
		if p, err := a.Prefix(64); err == nil {
			return p.String()
		}
	}
	return a.String()
}
