package dashboard

import (
	"io"
	"net/http"
	"testing"
)

// reply is an answer read to its end.
type reply struct {
	StatusCode int
	Header     http.Header
	Body       string
}

// get asks for an address with headers and follows no redirect.
func get(t testing.TB, address string, header http.Header) (int, string) {
	t.Helper()
	r := getReply(t, address, header)
	return r.StatusCode, r.Body
}

func getReply(t testing.TB, address string, header http.Header) reply {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, values := range header {
		request.Header[name] = values
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply{response.StatusCode, response.Header, string(body)}
}
