package testkit

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// Telegram answers like the Bot API and keeps what it was sent.
type Telegram struct {
	mu     sync.Mutex
	server *httptest.Server
	texts  []string
	broken bool
}

// TelegramToken is the token of its bot.
const TelegramToken = "123456:canary-token-of-a-bot"

// ServeTelegram serves until the test ends.
func ServeTelegram(t testing.TB) *Telegram {
	t.Helper()
	g := &Telegram{}
	g.server = httptest.NewServer(g)
	t.Cleanup(g.server.Close)
	return g
}

// URL is the address of a channel that sends to a chat.
func (g *Telegram) URL(chat string) string {
	return "telegram://" + TelegramToken + "@" + strings.TrimPrefix(g.server.URL, "http://") + "/?disabletls=yes&chats=" +
		chat
}

// Break makes it refuse messages, or accept them again.
func (g *Telegram) Break(broken bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.broken = broken
}

// Texts are the messages since the last call, the chat before each.
func (g *Telegram) Texts() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	texts := g.texts
	g.texts = nil
	return texts
}

func (g *Telegram) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	var m struct {
		Chat string `json:"chat_id"`
		Text string `json:"text"`
	}
	switch {
	case g.broken:
		http.Error(w, "<html>bad gateway of bot"+TelegramToken+"</html>", http.StatusBadGateway)
	case r.Method != http.MethodPost || r.URL.Path != "/bot"+TelegramToken+"/sendMessage":
		http.Error(w, `{"ok":false,"error_code":404,"description":"Not Found"}`, http.StatusNotFound)
	case json.NewDecoder(r.Body).Decode(&m) != nil || m.Chat == "" || m.Chat == "nobody" || m.Text == "":
		http.Error(w, `{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}`, http.StatusBadRequest)
	default:
		g.texts = append(g.texts, m.Chat+": "+m.Text)
		_, _ = w.Write([]byte(`{"ok":true,"result":{"message_id":1}}`))
	}
}
