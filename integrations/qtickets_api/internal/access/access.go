// Package access says who may see the page: whoever has the link that this start printed, users with a password,
// whoever a proxy in front vouches for, or, when that was asked for, everybody on this machine. Webhooks are not its
// business, they have their signature.
package access

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// Options choose one way; without any the page opens by the link of this start.
type Options struct {
	Listen string // address and port that will be listened on
	// UsersFile holds lines "name:bcrypt hash", as "htpasswd -nB -C 12 name" prints them, and behind that ":" and a role;
	// without one it is View.
	UsersFile string
	// ProxyHeader is where a proxy puts the name of the user it has let in.
	ProxyHeader string
	// TrustedProxies are addresses or networks, separated by commas or spaces. From these the header is believed,
	// and X-Forwarded-For.
	TrustedProxies string
	// NoAuth opens the page to every program of this machine.
	NoAuth bool
	// MetricsListen is a second address, for /metrics and /readyz alone; "": there is none.
	MetricsListen string
	// MetricsToken is what programs send for them as "Authorization: Bearer …"; "": there is none.
	MetricsToken string
}

// Mode is how the page is protected.
type Mode string

// The modes.
const (
	Link  Mode = "link"  // the link that was printed at this start, then a cookie
	Basic Mode = "basic" // a name and a password
	Proxy Mode = "proxy" // a header from a trusted address
	None  Mode = "none"  // every program of this machine, because it was asked for
)

// ErrOptions is returned for options that would leave the page open, or contradict each other.
var ErrOptions = errors.New("access to the page")

// Guard lets people in or not. Safe for concurrent use.
type Guard struct {
	mode         Mode
	link         link
	header       string
	trusted      []netip.Prefix
	logins       *logins
	metricsToken string
	localMetrics bool // the listener of their own is of this machine
}

// New checks the options. Without a password or a proxy it refuses to listen wider than this machine.
func New(o Options) (*Guard, error) {
	g := &Guard{header: o.ProxyHeader, link: newLink(), metricsToken: o.MetricsToken}
	var err error
	if g.mode, err = o.mode(); err != nil {
		return nil, err
	}
	if g.trusted, err = prefixes(o.TrustedProxies); err != nil {
		return nil, err
	}
	switch g.mode {
	case Basic:
		if g.logins, err = newLogins(o.UsersFile); err != nil {
			return nil, fmt.Errorf("%w: QTICKETS_PAGE_USERS_FILE: %w", ErrOptions, err)
		}
	case Proxy:
		if len(g.trusted) == 0 {
			return nil, fmt.Errorf("%w: QTICKETS_PAGE_PROXY_HEADER is set without QTICKETS_PAGE_TRUSTED_PROXIES: anybody "+
				"could send that header; name the proxy's address, e.g. 127.0.0.1", ErrOptions)
		}
	}
	local, err := ofThisMachine("--listen (QTICKETS_LISTEN)", o.Listen)
	if err != nil {
		return nil, err
	}
	if (g.mode == Link || g.mode == None) && !local {
		return nil, fmt.Errorf("%w: --listen %s would show the sales to the network: listen on 127.0.0.1, or set "+
			"QTICKETS_PAGE_USERS_FILE (names and passwords) or QTICKETS_PAGE_PROXY_HEADER (a proxy that asks for them), see "+
			"docs/live.md", ErrOptions, o.Listen)
	}
	return g, g.checkMetrics(o)
}

// mode is the one way that the options choose.
func (o Options) mode() (Mode, error) {
	chosen, names := []Mode{}, []string{}
	for _, way := range []struct {
		mode Mode
		name string
		set  bool
	}{
		{Basic, "QTICKETS_PAGE_USERS_FILE", o.UsersFile != ""},
		{Proxy, "QTICKETS_PAGE_PROXY_HEADER", o.ProxyHeader != ""},
		{None, "--no-auth", o.NoAuth},
	} {
		if way.set {
			chosen, names = append(chosen, way.mode), append(names, way.name)
		}
	}
	switch len(chosen) {
	case 0:
		return Link, nil
	case 1:
		return chosen[0], nil
	}
	return "", fmt.Errorf("%w: %s are set together: keep one", ErrOptions, strings.Join(names, " and "))
}

// checkMetrics: what stands on another machine's way must ask for a token.
func (g *Guard) checkMetrics(o Options) (err error) {
	if o.MetricsListen == "" {
		return nil
	}
	if g.localMetrics, err = ofThisMachine("QTICKETS_METRICS_LISTEN", o.MetricsListen); err != nil {
		return err
	}
	if !g.localMetrics && o.MetricsToken == "" {
		return fmt.Errorf("%w: QTICKETS_METRICS_LISTEN=%s would show the metrics to the network: listen on 127.0.0.1, or "+
			"set QTICKETS_METRICS_TOKEN (make one: openssl rand -hex 32)", ErrOptions, o.MetricsListen)
	}
	return nil
}

// Mode is how the page is protected.
func (g *Guard) Mode() Mode { return g.mode }

// Page lets next answer those who may see it; ViewerOf tells it who asks.
func (g *Guard) Page(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if viewer, admitted := g.admit(w, r); admitted {
			inner := r.WithContext(With(r.Context(), viewer))
			next.ServeHTTP(w, inner)
			r.Pattern = inner.Pattern // of the page's own routes, for the log
		}
	})
}

// Machine is Page that also lets programs in which have the token: probes and the collector of metrics.
func (g *Guard) Machine(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case g.bearer(r), g.mode == Link && g.link.knows(r):
		case g.mode == Link:
			askForToken(w, "Send the token of QTICKETS_METRICS_TOKEN, or ask at QTICKETS_METRICS_LISTEN (docs/live.md).")
			return
		default:
			if _, admitted := g.admit(w, r); !admitted {
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// OwnListener is for what stands at QTICKETS_METRICS_LISTEN: open to programs of this machine, by a name of this
// machine (a foreign name that points here is how a web page would reach in); elsewhere the token is asked for.
func (g *Guard) OwnListener(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if g.bearer(r) || g.localMetrics && local(r) {
			next.ServeHTTP(w, r)
			return
		}
		askForToken(w, "The token of QTICKETS_METRICS_TOKEN is needed.")
	})
}

func askForToken(w http.ResponseWriter, text string) {
	w.Header().Set("WWW-Authenticate", "Bearer")
	http.Error(w, text, http.StatusUnauthorized)
}

func (g *Guard) bearer(r *http.Request) bool {
	token, given := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	return given && g.metricsToken != "" && same(token, g.metricsToken)
}

// admit answers by itself those it does not let in.
func (g *Guard) admit(w http.ResponseWriter, r *http.Request) (v Viewer, admitted bool) {
	switch g.mode {
	case Link: // whoever can read the log of the service
		return Viewer{Role: Admin}, g.link.admit(w, r)
	case Basic:
		return g.logins.admit(w, r, g.Client(r))
	case Proxy:
		if name := r.Header.Get(g.header); g.fromProxy(r) && name != "" {
			return Viewer{Name: name, Role: View}, true
		}
		refuse(w, r, http.StatusForbidden, proxyOnly)
	default:
		if local(r) {
			return Viewer{Role: Admin}, true
		}
		refuse(w, r, http.StatusForbidden, thisMachineOnly)
	}
	return Viewer{}, false
}

// local tells whether a program of this machine asks by a name of this machine. It cannot tell whether a proxy stands
// between: that is why it decides nothing but what was said to be open to this machine.
func local(r *http.Request) bool {
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		host = r.Host
	}
	return peer(r).IsLoopback() && thisMachine(strings.Trim(host, "[]"))
}

func (g *Guard) fromProxy(r *http.Request) bool {
	from := peer(r)
	for _, p := range g.trusted {
		if p.Contains(from) {
			return true
		}
	}
	return false
}

// Client is who asks: behind a trusted proxy the last address it has not made up itself. The zero value when that
// is not known.
func (g *Guard) Client(r *http.Request) netip.Addr {
	if g.fromProxy(r) {
		chain := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		if client, err := netip.ParseAddr(strings.TrimSpace(chain[len(chain)-1])); err == nil {
			return client.Unmap()
		}
	}
	return peer(r)
}

// Network is the client as limits count it: an IPv4 address, or an IPv6 network of 64 bits, which is one customer's.
func (g *Guard) Network(r *http.Request) netip.Prefix { return network(g.Client(r)) }

func peer(r *http.Request) netip.Addr {
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return at.Addr().Unmap()
}

// ofThisMachine tells whether an address to listen on is reached from this machine alone.
func ofThisMachine(name, listen string) (bool, error) {
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return false, fmt.Errorf("%w: %s: give address:port, e.g. 127.0.0.1:8080", ErrOptions, name)
	}
	return thisMachine(host), nil
}

func thisMachine(host string) bool {
	if host == "localhost" {
		return true
	}
	address, err := netip.ParseAddr(host)
	return err == nil && address.Unmap().IsLoopback()
}

func prefixes(list string) ([]netip.Prefix, error) {
	var found []netip.Prefix
	for i, text := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' }) {
		p, err := netip.ParsePrefix(text)
		if err != nil {
			address, single := netip.ParseAddr(text)
			if single != nil { // not quoted: it may be a secret in the wrong place
				return nil, fmt.Errorf("%w: QTICKETS_PAGE_TRUSTED_PROXIES: entry %d is neither an address nor a network: use "+
					"e.g. 127.0.0.1 or 10.0.0.0/8", ErrOptions, i+1)
			}
			p = netip.PrefixFrom(address.Unmap(), address.Unmap().BitLen())
		}
		found = append(found, p)
	}
	return found, nil
}
