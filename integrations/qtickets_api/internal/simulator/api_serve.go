package simulator

import (
	"io"
	"net/http"
	"strings"
	"time"
)

// ServeHTTP answers one request: faults of transport first, then the token, the method, the route.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.count.begin(r.Method)
	defer s.count.end()
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err != nil {
		return
	}
	below, _ := strings.CutPrefix(r.URL.Path, BasePath+"/")
	if s.options.OnRequest != nil {
		s.options.OnRequest(below)
	}
	f := &faultSet{board: &s.faults, path: below}
	if f.on(BodyStripped) {
		body = nil
	}
	if wait, ok := f.find(Slow); ok && !pause(r, wait.Delay) {
		return
	}
	if _, ok := f.firstN(Dropped); ok {
		s.count.finish(RequestKey{r.Method, countedPath(r.URL.Path), 0}, 0, 0, 0)
		panic(http.ErrAbortHandler)
	}
	a, broken := transportFault(r, f)
	if !broken {
		a = s.respond(r, body, f)
	}
	s.deliver(w, r, a, f)
}

// pause waits without outliving the request; false means the client has gone.
func pause(r *http.Request, d time.Duration) bool {
	if d == 0 {
		d = 30 * time.Second
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
		return false
	}
}

// transportFault answers in place of the API, as what stands before it would.
func transportFault(r *http.Request, f *faultSet) (response, bool) {
	if _, ok := f.firstN(TooManyRequests); ok {
		return tooMany(), true
	}
	if fault, ok := f.firstN(RetryAfter); ok {
		a := tooMany()
		a.headers = map[string]string{"Retry-After": seconds(fault.Delay)}
		return a, true
	}
	if _, ok := f.firstN(Unavailable); ok {
		return thrown(), true
	}
	if _, ok := f.firstN(ServerError); ok {
		return errorResponse(http.StatusInternalServerError, "Internal error", "INTERNAL_ERROR", "[]"), true
	}
	if _, ok := f.firstN(BadGateway); ok {
		page := "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><center><h1>502 Bad " +
			"Gateway</h1></center><hr><center>nginx</center></body>\r\n</html>\r\n"
		return response{status: http.StatusBadGateway, kind: "text/html", body: []byte(page)}, true
	}
	if _, ok := f.firstN(HTMLPage); ok {
		return response{status: http.StatusOK, kind: kindHTML, body: webPage("Технические работы", "Скоро вернёмся")}, true
	}
	if _, ok := f.firstN(Redirected); ok {
		return response{
			status: http.StatusFound, kind: kindHTML, body: webPage("302", "Moved"),
			headers: map[string]string{"Location": "http://" + r.Host + "/moved" + r.URL.Path},
		}, true
	}
	return response{}, false
}

func tooMany() response {
	return errorResponse(http.StatusTooManyRequests, "Too many requests", "TOO_MANY_REQUESTS", "[]")
}

func seconds(d time.Duration) string {
	if d == 0 {
		d = time.Second
	}
	var p phpWriter
	p.b = appendMoney(p.b, int64((d+time.Second-1)/time.Second)*100)
	return string(p.b)
}

// respond is the API without faults of transport.
func (s *Server) respond(r *http.Request, body []byte, f *faultSet) response {
	path := r.URL.Path
	if path == partnersPath || strings.HasPrefix(path, partnersPath+"/") {
		return partnersRefusal()
	}
	below, ok := strings.CutPrefix(path, BasePath+"/")
	if !ok {
		return noRoute()
	}
	route := findRoute(below)
	if route.serve == nil {
		return noRoute()
	}
	if f.on(Unauthorized) {
		return forbidden(http.StatusUnauthorized)
	}
	if r.Header.Get("Authorization") != "Bearer "+s.options.Token || f.on(TokenRotated) {
		return forbidden(http.StatusForbidden)
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		// Writing: counted, refused as an uncaught exception, and nothing is created.
		return thrown()
	}
	key := s.cache.key(r, f)
	if hit, ok := s.cache.get(key); ok {
		return hit
	}
	a := route.serve(s, call{route: route, request: r, body: body, faults: f})
	if key != "" && a.status == http.StatusOK {
		s.cache.put(key, a)
	}
	return a
}
