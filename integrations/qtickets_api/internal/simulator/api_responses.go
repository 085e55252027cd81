package simulator

import (
	"fmt"
	"net/http"
	"strings"
)

// response is what the API returns, before compression and faults of delivery.
type response struct {
	status  int
	kind    string // Content-Type
	body    []byte
	rows    int
	headers map[string]string
	cached  bool // served by StaleCache
}

const (
	kindJSON = "application/json"
	kindHTML = "text/html; charset=UTF-8"
)

func jsonResponse(body []byte, rows int) response {
	return response{status: http.StatusOK, kind: kindJSON, body: body, rows: rows}
}

// errorResponse is the JSON form of section 5; info is written as given ("[]" when empty).
func errorResponse(status int, text, code, info string) response {
	var p phpWriter
	p.open('{')
	p.str("error", text)
	p.int("status", int64(status))
	p.str("code", code)
	p.raw("info", info)
	p.close('}')
	return response{status: status, kind: kindJSON, body: p.b}
}

// thrown is the uncaught exception: a malformed request, or an outage.
func thrown() response {
	return errorResponse(http.StatusServiceUnavailable, "Unknown error", "UNKNOWN_ERROR", "[]")
}

func notFound(resource string, id int64) response {
	return errorResponse(http.StatusNotFound, fmt.Sprintf("Resource %q not found", resource), "RESOURCE_NOT_FOUND",
		fmt.Sprintf(`{"id":%d,"resource":%q}`, id, resource))
}

// forbidden is for a missing or wrong token; the real body was not kept.
func forbidden(status int) response {
	return errorResponse(status, "Access denied", "ACCESS_DENIED", "[]")
}

// noRoute is the web page of an unknown route or a wrong base, about 12.7 KB.
func noRoute() response {
	return response{status: http.StatusNotFound, kind: kindHTML, body: webPage("404", "Страница не найдена")}
}

func webPage(title, text string) []byte {
	var b strings.Builder
	b.WriteString("<!DOCTYPE html>\n<html lang=\"ru\">\n<head><meta charset=\"utf-8\"><title>" + title +
		"</title>\n<style>\n")
	for i := 0; b.Len() < 12300; i++ {
		fmt.Fprintf(&b, ".page-%03d{margin:%dpx auto;color:#%06x}\n", i, i%16, i*7919%0xffffff)
	}
	b.WriteString("</style></head>\n<body><div id=\"app\"><h1>" + title + "</h1><p>" + text + "</p>" +
		"<a href=\"/\">На главную</a></div>\n<script src=\"/js/app.js\"></script></body>\n</html>\n")
	return []byte(b.String())
}

// partnersRefusal is how the Partners API refuses any key: with HTTP 200 (section 13).
func partnersRefusal() response {
	return jsonResponse([]byte(`{"status":"error","code":"WRONG_AUTHORIZATION","message":"Wrong authorization"}`), 0)
}
