// Package access says who may see the page: everybody on this machine, users with a password, or whoever a proxy
// in front vouches for. Webhooks are not its business, they have their signature.
package access

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"time"
)

// Options choose one way; without any the page is for this machine alone.
type Options struct {
	Listen string // address and port that will be listened on
	// UsersFile holds lines "name:bcrypt hash", as "htpasswd -nB name" prints them.
	UsersFile string
	// ProxyHeader is where a proxy puts the name of the user it has let in.
	ProxyHeader string
	// TrustedProxies are addresses or networks, separated by commas or spaces. From these the header is believed,
	// and X-Forwarded-For.
	TrustedProxies string
}

// Mode is how the page is protected.
type Mode string

// The modes.
const (
	None  Mode = "none"  // this machine alone
	Basic Mode = "basic" // a name and a password
	Proxy Mode = "proxy" // a header from a trusted address
)

// ErrOptions is returned for options that would leave the page open, or contradict each other.
var ErrOptions = errors.New("access to the page")

// Guard lets people in or not. Safe for concurrent use.
type Guard struct {
	mode    Mode
	header  string
	trusted []netip.Prefix
	users   *users
	wrong   *Limit // wrong passwords
}

// New checks the options. It refuses to listen wider than this machine without a password or a proxy.
func New(o Options) (*Guard, error) {
	g := &Guard{mode: None, header: o.ProxyHeader, wrong: NewLimit(0.2, 10)}
	var err error
	if g.trusted, err = prefixes(o.TrustedProxies); err != nil {
		return nil, err
	}
	switch {
	case o.UsersFile != "" && o.ProxyHeader != "":
		return nil, fmt.Errorf("%w: QTICKETS_PAGE_USERS_FILE and QTICKETS_PAGE_PROXY_HEADER are both set: keep one",
			ErrOptions)
	case o.UsersFile != "":
		text, err := os.ReadFile(o.UsersFile)
		if err != nil {
			return nil, fmt.Errorf("%w: QTICKETS_PAGE_USERS_FILE: %w: name a file that this user may read", ErrOptions, err)
		}
		if g.users, err = parseUsers(string(text)); err != nil {
			return nil, fmt.Errorf("%w: QTICKETS_PAGE_USERS_FILE: %w", ErrOptions, err)
		}
		g.mode = Basic
	case o.ProxyHeader != "":
		if len(g.trusted) == 0 {
			return nil, fmt.Errorf("%w: QTICKETS_PAGE_PROXY_HEADER is set without QTICKETS_PAGE_TRUSTED_PROXIES: anybody "+
				"could send that header; name the proxy's address, e.g. 127.0.0.1", ErrOptions)
		}
		g.mode = Proxy
	}
	host, _, err := net.SplitHostPort(o.Listen)
	if err != nil {
		return nil, fmt.Errorf("%w: --listen %q: give address:port, e.g. 127.0.0.1:8080", ErrOptions, o.Listen)
	}
	if g.mode == None && !thisMachine(host) {
		return nil, fmt.Errorf("%w: --listen %s would show the sales to anybody: listen on 127.0.0.1, or set "+
			"QTICKETS_PAGE_USERS_FILE (names and passwords) or QTICKETS_PAGE_PROXY_HEADER (a proxy that asks for them), see "+
			"docs/live.md", ErrOptions, o.Listen)
	}
	return g, nil
}

// Mode is how the page is protected.
func (g *Guard) Mode() Mode { return g.mode }

// Page lets next answer those who may see it.
func (g *Guard) Page(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if g.admit(w, r) {
			next.ServeHTTP(w, r)
		}
	})
}

// Inside is Page that in every mode also lets programs of this machine in: probes and the collector of metrics.
func (g *Guard) Inside(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if g.local(r) || g.admit(w, r) {
			next.ServeHTTP(w, r)
		}
	})
}

// admit answers by itself those it does not let in.
func (g *Guard) admit(w http.ResponseWriter, r *http.Request) bool {
	switch g.mode {
	case Basic:
		return g.password(w, r)
	case Proxy:
		if g.fromProxy(r) && r.Header.Get(g.header) != "" {
			return true
		}
		http.Error(w, "This page is reached through its proxy only.", http.StatusForbidden)
	default:
		if g.local(r) {
			return true
		}
		http.Error(w, "This page is for this machine alone: open it as http://127.0.0.1 or http://localhost, or set up "+
			"access (docs/live.md).", http.StatusForbidden)
	}
	return false
}

func (g *Guard) password(w http.ResponseWriter, r *http.Request) bool {
	name, password, given := r.BasicAuth()
	if given && g.users.known(name, password) { // remembered: costs nothing
		return true
	}
	if given && !g.wrong.Allow(g.Client(r), time.Now()) {
		w.Header().Set("Retry-After", "60")
		http.Error(w, "Too many wrong passwords, try later.", http.StatusTooManyRequests)
		return false
	}
	if given && g.users.check(name, password) {
		g.wrong.Forget(g.Client(r))
		return true
	}
	w.Header().Set("WWW-Authenticate", `Basic realm="QTickets", charset="UTF-8"`)
	http.Error(w, "A name and a password are needed.", http.StatusUnauthorized)
	return false
}

// local tells whether a program of this machine asks, by a name of this machine (a foreign name that points here
// is how a web page would reach in), and no proxy stands between.
func (g *Guard) local(r *http.Request) bool {
	for _, name := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Via"} {
		if r.Header.Get(name) != "" {
			return false
		}
	}
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		host = r.Host
	}
	peer := peer(r)
	return peer.IsLoopback() && thisMachine(strings.Trim(host, "[]"))
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

func peer(r *http.Request) netip.Addr {
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return at.Addr().Unmap()
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
	for _, text := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' }) {
		p, err := netip.ParsePrefix(text)
		if err != nil {
			address, single := netip.ParseAddr(text)
			if single != nil {
				return nil, fmt.Errorf("%w: QTICKETS_PAGE_TRUSTED_PROXIES: %q is neither an address nor a network: use e.g. "+
					"127.0.0.1 or 10.0.0.0/8", ErrOptions, text)
			}
			p = netip.PrefixFrom(address.Unmap(), address.Unmap().BitLen())
		}
		found = append(found, p)
	}
	return found, nil
}
