// Package access says who may see the page: whoever has the link that this start printed, users with a password,
// whoever a proxy in front vouches for, or, when that was asked for, everybody on this machine. Webhooks are not its
// business, they have their signature.
package access

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"
)

// Options choose one way; without any the page opens by the link of this start.
type Options struct {
	Listen string // address and port that will be listened on
	// UsersFile holds lines "name:bcrypt hash", as "htpasswd -nB -C 12 name" prints them, and behind that ":" and a role;
	// without one it is View. It is read again when it changes. With ProxyHeader it says the roles of those whom the
	// proxy lets in. Sessions and share links are kept beside it.
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
	Org           string       // whose sales these are, for the forms
	Logger        *slog.Logger // nil: nothing is logged
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
	people       *kept[people] // nil: there is no users file
	logins       *logins
	sessions     *sessions
	shares       *shares // nil: there are none
	origins      *http.CrossOriginProtection
	org          string
	log          *slog.Logger
	metricsToken string
	localMetrics bool // the listener of their own is of this machine
}

// New checks the options. Without a password or a proxy it refuses to listen wider than this machine.
func New(o Options) (*Guard, error) {
	g := &Guard{header: o.ProxyHeader, link: newLink(), metricsToken: o.MetricsToken, org: o.Org, log: o.Logger,
		origins: http.NewCrossOriginProtection()}
	if g.log == nil {
		g.log = slog.New(slog.DiscardHandler)
	}
	var err error
	if g.mode, err = o.mode(); err != nil {
		return nil, err
	}
	if g.trusted, err = prefixes(o.TrustedProxies); err != nil {
		return nil, err
	}
	if o.UsersFile != "" {
		if err := g.usePeople(o.UsersFile); err != nil {
			return nil, fmt.Errorf("%w: QTICKETS_PAGE_USERS_FILE: %w", ErrOptions, err)
		}
	}
	if g.mode == Proxy && len(g.trusted) == 0 {
		return nil, fmt.Errorf("%w: QTICKETS_PAGE_PROXY_HEADER is set without QTICKETS_PAGE_TRUSTED_PROXIES: anybody "+
			"could send that header; name the proxy's address, e.g. 127.0.0.1", ErrOptions)
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

// usePeople reads the users file. A start refuses a file with a wrong line; later such a line lets nobody in.
func (g *Guard) usePeople(file string) error {
	text, err := readBounded(file)
	if err != nil {
		return errors.New("the file cannot be read: name a file that this user may read")
	}
	if err := parsePeople(text).firstError(); err != nil {
		return err
	}
	g.people = &kept[people]{path: file, parse: parsePeople}
	g.shares = newShares(file, g.log)
	if g.mode == Basic {
		g.logins, g.sessions = newLogins(g.people), newSessions(file+".sessions", g.log)
	}
	return nil
}

// mode is the one way that the options choose; a proxy may have a users file beside it, for the roles.
func (o Options) mode() (Mode, error) {
	chosen, names := []Mode{}, []string{}
	for _, way := range []struct {
		mode Mode
		name string
		set  bool
	}{
		{Basic, "QTICKETS_PAGE_USERS_FILE", o.UsersFile != "" && o.ProxyHeader == ""},
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

// Page lets next answer those who may see it; ViewerOf tells it who asks. Forms and share links have addresses of their
// own; a request that would change something must come from a page of this server.
func (g *Guard) Page(next http.Handler) http.Handler {
	forms := g.Forms()
	return g.ownWrites(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if g.HasForms() && isForm(r.URL.Path) {
			forms.ServeHTTP(w, r)
			return
		}
		viewer, admitted := g.admit(w, r)
		if !admitted {
			return
		}
		ctx, cancel := context.WithCancel(With(r.Context(), viewer))
		defer cancel()
		defer g.watch(r, viewer, cancel)()
		inner := r.WithContext(ctx)
		next.ServeHTTP(w, inner)
		r.Pattern = inner.Pattern // of the page's own routes, for the log
	}))
}

// watchEvery is how soon an answer that lasts, such as a stream of events, hears that its viewer may see it no more.
const watchEvery = 400 * time.Millisecond

// watch ends a request whose viewer is let in no more, or as somebody else. stop ends watching.
func (g *Guard) watch(r *http.Request, viewer Viewer, end func()) (stop func()) {
	var mu sync.Mutex // the timer is set before it is used
	mu.Lock()
	defer mu.Unlock()
	var timer *time.Timer
	timer = time.AfterFunc(watchEvery, func() {
		mu.Lock()
		defer mu.Unlock()
		if now, known := g.identify(r); !known || now != viewer {
			end()
			return
		}
		timer.Reset(watchEvery)
	})
	return func() {
		mu.Lock()
		defer mu.Unlock()
		timer.Stop()
	}
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
			viewer, admitted := g.admit(w, r)
			if !admitted {
				return
			}
			if viewer.Event != 0 { // these are about everything
				askForToken(w, "The token of QTICKETS_METRICS_TOKEN is needed.")
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

// identify is who asks, as far as that can be told at once: nothing is compared slowly and nothing is answered.
func (g *Guard) identify(r *http.Request) (v Viewer, known bool) {
	if g.shares != nil {
		if share, asked, valid := g.shares.of(r, time.Now()); asked {
			return share.viewer(), valid
		}
	}
	switch g.mode {
	case Link: // whoever can read the log of the service
		return Viewer{Role: Admin}, g.link.knows(r)
	case Basic:
		if p, open := g.sessions.person(r, g.people.now(), time.Now()); open {
			v = p.viewer()
			v.SignedIn = true
			return v, true
		}
		name, password, given := r.BasicAuth()
		if !given {
			return v, false
		}
		p, remembered := g.logins.remembered(name, password)
		return p.viewer(), remembered
	case Proxy:
		name := r.Header.Get(g.header)
		return g.named(name), g.fromProxy(r) && name != ""
	default:
		return Viewer{Role: Admin}, local(r)
	}
}

// named is whom a proxy let in: with the role of the users file, if they stand there.
func (g *Guard) named(name string) Viewer {
	if g.people != nil {
		if p, known := g.people.now().byName[name]; known {
			return p.viewer()
		}
	}
	return Viewer{Name: name, Role: View}
}

// admit answers by itself those it does not let in.
func (g *Guard) admit(w http.ResponseWriter, r *http.Request) (v Viewer, admitted bool) {
	if g.shares != nil {
		if share, asked, valid := g.shares.of(r, time.Now()); asked {
			if valid {
				g.shares.seen(r, share)
			} else {
				refuse(w, r, http.StatusNotFound, shareGone)
			}
			return share.viewer(), valid
		}
	}
	if g.mode == Link { // the link itself is answered, too
		return Viewer{Role: Admin}, g.link.admit(w, r)
	}
	if v, known := g.identify(r); known {
		return v, true
	}
	switch g.mode {
	case Basic:
		return g.login(w, r)
	case Proxy:
		refuse(w, r, http.StatusForbidden, proxyOnly)
	default:
		refuse(w, r, http.StatusForbidden, thisMachineOnly)
	}
	return Viewer{}, false
}

// login by the header that programs send; whoever has a browser is shown the form.
func (g *Guard) login(w http.ResponseWriter, r *http.Request) (v Viewer, admitted bool) {
	name, password, given := r.BasicAuth()
	if !given {
		if reads(r) && (r.Method == http.MethodGet || r.Method == http.MethodHead) {
			g.showSignIn(w, r, http.StatusUnauthorized)
		} else {
			askForPassword(w, r)
		}
		return v, false
	}
	p, denied := g.logins.check(r, name, password, g.Client(r))
	switch {
	case denied == nil:
		return p.viewer(), true
	case denied.status == http.StatusUnauthorized:
		askForPassword(w, r)
	default:
		w.Header().Set("Retry-After", denied.retry)
		refuse(w, r, denied.status, denied.why)
	}
	return v, false
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
