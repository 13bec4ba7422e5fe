package telegram

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"github.com/poruch/poruch/bots"
)

// OpenFile fetches a file that a contact sent. Telegram gives bots files of up
// to 20 MB: https://core.telegram.org/bots/api#getfile. The address holds the
// token and never leaves this method. ctx also bounds the reading.
func (b *Bot) OpenFile(ctx context.Context, id bots.FileID) (io.ReadCloser, error) {
	f, err := b.fileAt(ctx, id)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, b.cfg.APIURL+"/file/bot"+b.cfg.Token+"/"+f.FilePath, nil)
	if err != nil {
		return nil, fmt.Errorf("%w: the file has an odd path", bots.ErrRejected)
	}
	resp, err := b.client.Do(req)
	if err != nil {
		return nil, b.clean("download", err)
	}
	if resp.StatusCode == http.StatusOK {
		return resp.Body, nil
	}
	_ = resp.Body.Close()
	return nil, downloadError(resp)
}

func (b *Bot) fileAt(ctx context.Context, id bots.FileID) (*models.File, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	f, err := b.api.GetFile(ctx, &bot.GetFileParams{FileID: string(id)})
	err = b.clean("getFile", err)
	if refusedAs(err, "temporarily unavailable") {
		// Said of wrong ids too, but ours are Telegram's own.
		return nil, &bots.RetryError{Err: errors.New("telegram getFile: the file is temporarily unavailable")}
	}
	return f, err
}

func downloadError(resp *http.Response) error {
	switch resp.StatusCode {
	case http.StatusUnauthorized:
		return &bots.RetryError{After: time.Minute, Wide: true, Err: errToken}
	case http.StatusTooManyRequests:
		after, _ := strconv.Atoi(resp.Header.Get("Retry-After"))
		return &bots.RetryError{After: time.Duration(max(after, 1)) * time.Second, Err: errors.New("telegram download: too many requests")}
	}
	return fmt.Errorf("%w: the file is no longer there (status %d)", bots.ErrRejected, resp.StatusCode)
}
