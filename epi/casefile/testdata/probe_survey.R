## Draws survey cases at random and writes them with the answers of R survey, in the form of gen_golden.R:
##   Rscript probe_survey.R gen_golden.R FOLDER COUNT [SEED]
## Cases that R cannot do (an error) are left out. Those that taught something stand in probed/.
args <- commandArgs(TRUE); EPI_LIB_ONLY <- TRUE
source(args[1]); dir_out <- args[2]; dir.create(dir_out, showWarnings = FALSE, recursive = TRUE); options(warn = -1)
count <- as.integer(args[3]); seed <- if (length(args) > 3) as.integer(args[4]) else 1L
one <- function(k) {
  set.seed(seed * 100000L + k)
  H <- sample(1:5, 1); stages <- sample(0:3, 1); rows <- NULL
  sizes <- sample(c("small", "large"), 1)
  for (h in seq_len(H)) {
    npsu <- sample(if (sizes == "small") 1:4 else 2:8, 1); Nh <- npsu + sample(c(0, 1, 5, 40), 1)
    for (i in seq_len(npsu)) {
      nssu <- if (stages >= 2) sample(1:4, 1) else 1; Ns <- nssu + sample(c(0, 3, 20), 1)
      for (j in seq_len(nssu)) {
        m <- sample(if (stages == 0) 1 else 1:7, 1); Nt <- m + sample(c(0, 2, 30), 1)
        rows <- rbind(rows, data.frame(s = LETTERS[h], p = sprintf("p%d", i), q = sprintf("q%d", j), t = sprintf("t%d", seq_len(m)), N1 = Nh, N2 = Ns, N3 = Nt, stringsAsFactors = FALSE)) } } }
  if (stages == 0) { rows$N1 <- ave(rows$N1, rows$s, FUN = function(v) max(v[1], length(v)) + 0); }
  n <- nrow(rows); if (n < 4) return(invisible())
  rows$w <- round(exp(rnorm(n, 3, .8)), sample(0:4, 1)) + 1
  if (runif(1) < .3) rows$w[sample(n, max(1, n %/% 8))] <- 0
  if (runif(1) < .1) rows$w <- rep(1, n)
  rows$g <- sample(c("x", "y", "z"), n, TRUE, c(.6, .3, .1)); rows$sex <- sample(c("F", "M"), n, TRUE); rows$code <- sample(c(1, 2, 10), n, TRUE)
  rows$u <- rbinom(n, 1, .4); rows$r <- round(rexp(n) * 100, sample(0:2, 1)); rows$v <- rnorm(n, sample(c(0, 1e4), 1)); rows$big <- rows$v * 1e7
  if (runif(1) < .5) for (v in sample(c("u", "r", "v", "g"), 2)) rows[[v]][sample(n, max(1, n %/% 9))] <- NA
  rows <- rows[sample(n), ]; rownames(rows) <- NULL
  strat <- runif(1) < .7; fpc <- runif(1) < .5
  des <- list(); lonely <- sample(c("fail", "adjust", "average", "certainty", "remove"), 1)
  if (stages > 0) des$ids <- c("p", "q", "t")[seq_len(stages)]
  if (strat) des$strata <- "s" else rows$N1 <- max(rows$N1) * H + 3
  if (fpc) des$fpc <- c("N1", "N2", "N3")[seq_len(max(1, stages))]
  if (!strat && fpc && stages >= 2) { key <- rows$p; rows$N2 <- ave(rows$N2, key, FUN = function(v) max(v) + 9); if (stages == 3) rows$N3 <- ave(rows$N3, paste(rows$p, rows$q), FUN = function(v) max(v) + 30) }
  if (!(fpc && runif(1) < .3)) des$weights <- "w"
  des$lonely_psu <- lonely
  tot <- function(v, f) { wt <- if (is.null(des$weights)) rep(1, n) else rows$w; a <- tapply(wt, rows[[v]], sum); unname(Map(function(k, x) list(key = k, n = round(x * f * runif(1, .8, 1.3)) + 5), names(a), as.list(a))) }
  cal <- sample(c("no", "no", "ps", "rake", "both"), 1)
  if (any(rows$w == 0)) cal <- "no" # R lets rows of weight 0 disturb calibrated variances (docs/methods/epi.md)
  if (anyNA(rows$g) && cal != "no") rows$g[is.na(rows$g)] <- "y"
  if (cal %in% c("ps", "both")) des$poststrata <- list(vars = "sex", totals = tot("sex", 2))
  if (cal %in% c("rake", "both")) des$rake <- list(margins = list(list(vars = "sex", totals = tot("sex", 2)), list(vars = "g", totals = tot("g", 2))))
  dm <- function() switch(sample(6, 1), NULL, NULL, c("sex", "F"), c("g", "z"), c("code", "1", "10"), c("s", "A"))
  sure <- function(v) !anyNA(rows[[v]]) # R has no ratio of calibrated samples with missing values
  p <- sample(c(.05, .1, .25, .5, .5, .75, .9, .95, 1 / 3), 2)
  items <- list(item("m", "mean", "v", domain = dm()), item("mbig", "mean", "big", domain = dm()), item("t", "total", "r", domain = dm()), item("pr", "proportion", "u", "1", domain = dm()), item("pt", "proportion", "g", "x", domain = dm()),
    item("pc", "proportion", "code", "10", domain = dm()), item("q1", "quantile", "r", p = p[1], domain = dm()), item("q2", "quantile", "v", p = p[2], domain = dm()))
  if (cal == "no" || sure("r") && sure("u")) items <- c(items, list(item("ra", "ratio", num = "r", den = "u", domain = dm())))
  level <- sample(c(.95, .9, .99), 1)
  for (it in items) { # each alone, so that an item R cannot do does not hide the others
    r <- try(svy(sprintf("probe_%d_%d_%s", seed, k, it$name), rows, des, list(it), "drawn at random", level = level), silent = TRUE)
    if (inherits(r, "try-error") && Sys.getenv("PROBE_VERBOSE") != "") cat(k, it$name, conditionMessage(attr(r, "condition")), "\n") } }
for (k in seq_len(count)) one(k)
cat(length(list.files(dir_out, "\\.json$")), "cases\n")
