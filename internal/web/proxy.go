package web

import (
	"crypto/tls"
	"net"
	"net/http"
	"net/netip"
	"strings"

	"github.com/baqylau/baqylau"
)

// Proxies are the addresses of the operator's own proxies: the only ones whose word about a visitor is believed.
type Proxies []netip.Prefix

// ParseProxies reads addresses and networks ("10.0.0.5", "10.1.0.0/24"). A network of every address is refused: it would believe anyone.
// Codes: Invalid.
func ParseProxies(list []string) (Proxies, error) {
	var out Proxies
	for _, s := range list {
		p, err := netip.ParsePrefix(s)
		if a, aerr := netip.ParseAddr(s); aerr == nil {
			p, err = netip.PrefixFrom(a, a.BitLen()), nil
		}
		if err != nil || p.Bits() == 0 {
			return nil, baqylau.E(baqylau.Invalid, "cli.behind_proxy", "Value", s)
		}
		out = append(out, p)
	}
	return out, nil
}

// Handler shows everything behind it the visitor instead of the proxy: RemoteAddr is the visitor's address, and TLS is set when the visitor
// came by HTTPS. The headers X-Forwarded-For and X-Forwarded-Proto of any other peer are worth nothing, since anybody can write them.
func (p Proxies) Handler(h http.Handler) http.Handler {
	if len(p) == 0 {
		return h
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if peer, ok := address(r.RemoteAddr); ok && p.own(peer) {
			r = r.Clone(r.Context())
			r.RemoteAddr = net.JoinHostPort(p.visitor(peer, r.Header.Values("X-Forwarded-For")).String(), "0")
			switch schemes := hops(r.Header.Values("X-Forwarded-Proto")); { // the last word is that of the nearest proxy
			case len(schemes) == 0:
			case strings.EqualFold(schemes[len(schemes)-1], "https"):
				r.TLS = &tls.ConnectionState{}
			default:
				r.TLS = nil
			}
		}
		h.ServeHTTP(w, r)
	})
}

// visitor is the right-most address that is not a proxy of ours: each proxy adds its peer on the right, so what stands left of it was written
// by the visitor and may be invented. Where the chain cannot be read, it ends.
func (p Proxies) visitor(peer netip.Addr, forwarded []string) netip.Addr {
	chain := hops(forwarded)
	for i := len(chain) - 1; i >= 0 && p.own(peer); i-- {
		a, ok := address(chain[i])
		if !ok {
			break
		}
		peer = a
	}
	return peer
}

func (p Proxies) own(a netip.Addr) bool {
	for _, n := range p {
		if n.Contains(a) {
			return true
		}
	}
	return false
}

// hops are the elements of a header that may come in several lines.
func hops(lines []string) []string {
	if len(lines) == 0 {
		return nil
	}
	all := strings.Split(strings.Join(lines, ","), ",")
	for i := range all {
		all[i] = strings.TrimSpace(all[i])
	}
	return all
}

// address reads an address with or without a port.
func address(s string) (netip.Addr, bool) {
	if ap, err := netip.ParseAddrPort(s); err == nil {
		return ap.Addr().Unmap().WithZone(""), true
	}
	a, err := netip.ParseAddr(strings.Trim(s, "[]"))
	return a.Unmap().WithZone(""), err == nil
}
