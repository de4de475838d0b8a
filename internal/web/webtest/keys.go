// Package webtest helps tests that work pages in a real browser.
package webtest

import (
	"context"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Keys presses keys as a keyboard does: a key that the page answers types nothing more. chromedp.KeyEvent sends its character all the same, by which Enter
// in a list of matches sends the form as well. how changes each stroke, such as by holding a modifier.
func Keys(keys string, how ...func(*input.DispatchKeyEventParams)) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		for _, r := range keys {
			strokes := kb.Encode(r)
			down, up := strokes[0], strokes[len(strokes)-1]
			for _, s := range strokes {
				down.Text, down.UnmodifiedText = down.Text+s.Text, down.UnmodifiedText+s.UnmodifiedText
			}
			for _, s := range []*input.DispatchKeyEventParams{down, up} {
				for _, h := range how {
					h(s)
				}
				if _, err := cdp.Call(ctx, t, input.DispatchKeyEvent, *s); err != nil {
					return err
				}
			}
		}
		return nil
	})
}
