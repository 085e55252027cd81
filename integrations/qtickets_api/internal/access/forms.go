package access

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/crypto/bcrypt"
)

// Addresses of the forms.
const (
	SignInPath     = "/sign-in"
	SignOutPath    = "/sign-out"
	InvitationPath = "/invitation/" // and the token
)

// LongestForm is how many bytes a form may have.
const LongestForm = 4 << 10

//go:embed form.html
var formText string

//go:embed form.css
var formStyle string

//go:embed form.js
var formScript string

var formPage = template.Must(template.New("form").Parse(formText))

// formPolicy allows the one style and the one script that the page brings along.
var formPolicy = "default-src 'none'; style-src " + hashSource(formStyle) + "; script-src " + hashSource(formScript) +
	"; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

func hashSource(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// form is what a form of ours says and asks for.
type form struct {
	Lang, Org, Title, Text, Error string
	Action, Button                string
	Name                          string // what was typed, or who is invited
	AskName, NewPassword, Plain   bool   // Plain: nothing but a button
	Next                          string // where to go then
	Words                         map[string]string
	Style                         template.CSS
	Script                        template.JS
}

var formWords = map[string]map[string]string{
	"ru": {
		"sign-in": "Продажи — вход", "name": "Имя", "password": "Пароль", "enter": "Войти", "sign-out": "Выход",
		"show": "показать пароль", "left": "Осталось попыток: %d.",
		"leave": "Выйти", "leaving": "Панель на этом устройстве закроется, открыть её снова можно будет по имени и паролю.",
		"invitation": "Приглашение смотреть продажи", "choose": "Придумайте пароль: от 12 знаков. Имя для входа: ",
		"accept": "Принять", "short": "Пароль должен быть не короче 12 знаков и не длиннее 72 байт (36 русских букв).",
		"lost":                "Забыли пароль? Новую ссылку даёт тот, кто вас пригласил.",
		"right.admin":         "Вы увидите все числа и сможете менять данные.",
		"right.view":          "Вы увидите билеты и выручку всех мероприятий.",
		"right.view-no-money": "Вы увидите билеты всех мероприятий, без денег.",
		"right.event":         "Вы увидите билеты и выручку одного мероприятия.",
	},
	"en": {
		"sign-in": "Sales — sign in", "name": "Name", "password": "Password", "enter": "Sign in", "sign-out": "Sign out",
		"show": "show the password", "left": "Attempts left: %d.",
		"leave": "Sign out", "leaving": "The page closes on this device; name and password open it again.",
		"invitation": "An invitation to see the sales",
		"choose":     "Choose a password of 12 characters or more. Your name is: ",
		"accept":     "Accept", "short": "A password needs 12 characters or more, and at most 72 bytes.",
		"lost":                "Forgotten the password? Whoever invited you gives you a new link.",
		"right.admin":         "You will see all figures and may change data.",
		"right.view":          "You will see tickets and revenue of all events.",
		"right.view-no-money": "You will see the tickets of all events, without money.",
		"right.event":         "You will see tickets and revenue of one event.",
	},
}

// isForm tells whether an address is one of the forms.
func isForm(path string) bool {
	return path == SignInPath || path == SignOutPath || strings.HasPrefix(path, InvitationPath)
}

// HasForms tells whether people sign in here.
func (g *Guard) HasForms() bool { return g.mode == Basic }

// Forms are the pages where people sign in and out and accept invitations.
func (g *Guard) Forms() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+SignInPath, func(w http.ResponseWriter, r *http.Request) { g.showSignIn(w, r, http.StatusOK) })
	mux.HandleFunc("POST "+SignInPath, g.signIn)
	mux.HandleFunc("GET "+SignOutPath, g.showSignOut)
	mux.HandleFunc("POST "+SignOutPath, func(w http.ResponseWriter, r *http.Request) {
		g.sessions.end(w, r, time.Now())
		seeOther(w, r, SignInPath)
	})
	mux.HandleFunc("GET "+InvitationPath+"{token}", func(w http.ResponseWriter, r *http.Request) {
		g.showInvitation(w, r, http.StatusOK, "")
	})
	mux.HandleFunc("POST "+InvitationPath+"{token}", g.acceptInvitation)
	return g.ownWrites(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && !readForm(w, r) {
			refuse(w, r, http.StatusBadRequest, notSignedIn)
			return
		}
		mux.ServeHTTP(w, r)
	}))
}

// readForm reads a small form; nothing of the address is taken for it.
func readForm(w http.ResponseWriter, r *http.Request) bool {
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(10 * time.Second))
	r.Body = http.MaxBytesReader(w, r.Body, LongestForm)
	return r.ParseForm() == nil
}

// ownWrites refuses requests that would change something and come from a page of another site. Browsers say where a
// request comes from, and no script can make them lie; what does not say so is no browser, and brings no cookie that it
// does not know of.
func (g *Guard) ownWrites(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if g.origins.Check(r) != nil {
			w.Header().Set("Connection", "close") // its body is not read
			refuse(w, r, http.StatusForbidden, crossSiteWrite)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (g *Guard) showSignIn(w http.ResponseWriter, r *http.Request, status int) {
	f := g.signInForm(r)
	if r.URL.Path != SignInPath {
		f.Next = ownAddress(r, r.URL.Query())
	}
	f.serve(w, status)
}

// signInForm stays in the language that was asked for.
func (g *Guard) signInForm(r *http.Request) form {
	f := g.newForm(r, "sign-in")
	f.Action, f.Button, f.AskName, f.Text = SignInPath, f.Words["enter"], true, f.Words["lost"]
	if r.URL.Query().Has("lang") {
		f.Action += "?lang=" + f.Lang
	}
	return f
}

func (g *Guard) signIn(w http.ResponseWriter, r *http.Request) {
	name, next := r.PostForm.Get("name"), r.PostForm.Get("next")
	p, denied := g.logins.check(r, name, r.PostForm.Get("password"), g.Client(r))
	if denied == nil {
		g.sessions.begin(w, r, p, time.Now())
		seeOther(w, r, ownNext(next))
		return
	}
	f := g.signInForm(r)
	f.Name, f.Next = name, ownNext(next)
	said := denied.why.in(f.Lang)
	f.Error = said.Title + ". " + said.Text
	if denied.status == http.StatusUnauthorized {
		f.Error = said.Title + ". " + fmt.Sprintf(f.Words["left"], denied.left) + " " + said.Text
	}
	if denied.retry != "" {
		w.Header().Set("Retry-After", denied.retry)
	}
	f.serve(w, denied.status)
}

func (g *Guard) showSignOut(w http.ResponseWriter, r *http.Request) {
	f := g.newForm(r, "sign-out")
	f.Action, f.Button, f.Plain, f.Text = SignOutPath, f.Words["leave"], true, f.Words["leaving"]
	f.serve(w, http.StatusOK)
}

// showInvitation asks for a password. It takes nothing from the invitation: messengers look at links before people do.
func (g *Guard) showInvitation(w http.ResponseWriter, r *http.Request, status int, problem string) {
	p, found := g.people.now().invited(r.PathValue("token"), time.Now())
	if !found {
		refuse(w, r, http.StatusGone, invitationGone)
		return
	}
	f := g.newForm(r, "invitation")
	f.Action, f.Button, f.NewPassword = ownAddress(r, nil), f.Words["accept"], true
	f.Name, f.Text = p.Name, f.Words["right."+string(p.Role)]
	if problem != "" {
		f.Error = f.Words[problem]
	}
	f.serve(w, status)
}

// acceptInvitation sets the password and signs in.
func (g *Guard) acceptInvitation(w http.ResponseWriter, r *http.Request) {
	token, password, now := r.PathValue("token"), r.PostForm.Get("password"), time.Now()
	if _, found := g.people.now().invited(token, now); !found {
		refuse(w, r, http.StatusGone, invitationGone)
		return
	}
	if !fits(password) {
		g.showInvitation(w, r, http.StatusBadRequest, "short")
		return
	}
	leave, entered := g.logins.enter(r, g.logins.strangers) // a hash takes as long as a comparison
	if !entered {
		w.Header().Set("Retry-After", "5")
		refuse(w, r, http.StatusServiceUnavailable, loginsBusy)
		return
	}
	hash, err := bcrypt.GenerateFromPassword([]byte(password), ourCost)
	leave()
	var p Person
	if err == nil {
		p, err = accept(g.people.path, token, hash, now)
	}
	switch {
	case errors.Is(err, errInvitation):
		refuse(w, r, http.StatusGone, invitationGone)
	case err != nil:
		g.log.Error("An invitation could not be accepted", "error", err,
			"fix", "the folder of QTICKETS_PAGE_USERS_FILE must be writable for serve")
		refuse(w, r, http.StatusInternalServerError, invitationFailed)
	default:
		g.sessions.begin(w, r, p, now)
		seeOther(w, r, "/")
	}
}

func (g *Guard) newForm(r *http.Request, what string) form {
	//nolint:gosec // our own files
	f := form{Lang: "en", Org: g.org, Style: template.CSS(formStyle), Script: template.JS(formScript)}
	if russian(r) {
		f.Lang = "ru"
	}
	f.Words = formWords[f.Lang]
	f.Title = f.Words[what]
	return f
}

func (f form) serve(w http.ResponseWriter, status int) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", f.Lang)
	h.Set("Content-Security-Policy", formPolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin") // an invitation is in the address
	if status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", `Form realm="QTickets"`) // nothing a browser would open a window for
	}
	w.WriteHeader(status)
	_ = formPage.Execute(w, f) // whoever has left needs nothing
}

// ownNext is an address of this server, whatever was sent.
func ownNext(next string) string {
	u, err := url.Parse(next)
	if err != nil || len(next) > 2000 || isForm(u.Path) {
		return "/"
	}
	return ownPath(u.Path, u.Query())
}

func seeOther(w http.ResponseWriter, r *http.Request, to string) {
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// reads tells whether a person with a browser asks, to whom a form can be shown.
func reads(r *http.Request) bool {
	accept := r.Header.Get("Accept")
	return r.Header.Get("Sec-Fetch-Mode") != "" || strings.Contains(accept, "text/html") ||
		strings.Contains(accept, "text/event-stream")
}
