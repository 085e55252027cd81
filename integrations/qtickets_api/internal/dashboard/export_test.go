package dashboard

// CloseBrowser ends what the browser tests have started.
func CloseBrowser() {
	if chromium.close != nil {
		chromium.close()
	}
}
