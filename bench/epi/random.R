# Random cases of everything but surveys, computed by R, for comparison with this package:
#
#   Rscript bench/epi/random.R DIR [cases of each kind] [seed]
#   BAQYLAU_EPI_CASES=DIR go test ./epi/...
#
# Tables are thin on purpose: empty cells, empty lists, no overlap, everything or nothing. Cases for which R itself stops are left out and counted.
args <- commandArgs(TRUE); k <- if (length(args) > 1) as.integer(args[2]) else 20L; seed <- if (length(args) > 2) as.integer(args[3]) else 1L
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)))
EPI_LIB_ONLY <- TRUE; source(file.path(here, "..", "..", "epi", "casefile", "testdata", "gen_golden.R"), chdir = TRUE)
dir_out <- args[1]; dir.create(dir_out, showWarnings = FALSE, recursive = TRUE); options(warn = -1); set.seed(seed)
left <- 0; try1 <- function(e) tryCatch(e, error = function(err) { left <<- left + 1; message(conditionMessage(err)) })
level <- function() sample(c(.8, .9, .95, .99, .999), 1)
# The ends of the ranges, the same whatever the seed; kept in epi/casefile/testdata/probed.
prop("edge_proportion_one", 1, 1, "one of one", .99); mult("edge_multiplier_none", 1000, 0, 200, FALSE, "nobody in the benchmark"); mult("edge_multiplier_all", 12.5, 3, 3, FALSE, "everybody in the benchmark"); mult("edge_multiplier_empty", 0, 3, 7, FALSE, "an empty benchmark")
crc2("edge_crc2_same", 7, 7, 7, "the same persons twice"); crc2("edge_crc2_one_empty", 0, 12, 0, "an empty list"); smr("edge_smr_one", 1, .004, 90.5, "one death at a high level", .999); rratio("edge_rateratio_none_second", 4, 100, 0, 250.5, "no events in the second")
rate("edge_rate_one_band", 1, 10, 1, 1, "one band, one event", .9); rate("edge_rate_weightless", c(3, 0), c(10, 20), c(1, 0), 1000, "a band without weight")
rds("edge_rds_one", data.frame(degree = c(5, NA), trait = c("yes", "no")), "yes", "one respondent left"); Y <- data.frame(a = c(0, 2), h = c(0, 0), everybody = c(0, 9000)); nsum("edge_nsum_none", Y, list(a = 50), c("h", "everybody"), 1000, "nobody known, and more than there are")
ww("edge_ww_all_below", c(NA, 3, 0), c(10, 20.5, 30), 1000, list(factor = 2, loq = 5, loq_rule = "loq"), "no day above the limit"); ww("edge_ww_limit_zero", c(3, 0), c(10, 0), 1000, list(factor = 2, loq = 0, loq_rule = "half"), "a limit of zero, a day without flow")
for (i in seq_len(k)) { id <- function(m) sprintf("%s_r%d_%03d", m, seed, i)
  n <- sample(c(1, 2, 5, 30, 200, 5000), 1); x <- sample(c(0, n, sample(0:n, 3, TRUE)), 1); try1(prop(id("proportion"), x, n, "random", level()))
  n <- sample(c(1, 3, 40, 900), 1); x <- sample(1:n, 1); try1(mult(id("multiplier"), sample(c(1, 17, 250.5, 90000), 1), x, n, runif(1) < .4, "random", level()))
  n1 <- sample(c(0:9, 50, 4000), 1); n2 <- sample(c(1:9, 70, 3000), 1); m <- sample(0:min(n1, n2), 1); try1(crc2(id("crc2"), n1, n2, m, "random", level()))
  d <- rpois(sample(1:6, 1), sample(c(0, .3, 4, 900), 1)); b <- length(d)
  try1(smr(id("smr"), d, signif(rexp(b, 200), 4), round(runif(b, 10, 9000), 1), "random", level()))
  try1(rate(id("rate"), d, round(runif(b, 10, 90000)), signif(rexp(b) * 1000, 3), sample(c(1, 1000, 1e5), 1), "random", level()))
  ab <- rpois(2, sample(c(.5, 4, 300), 1)); if (sum(ab) > 0) try1(rratio(id("rateratio"), ab[1], round(runif(1, 10, 9e4), 1), ab[2], round(runif(1, 10, 9e4), 1), "random", level()))
  s <- sample(c(1, 2, 30, 300), 1); df <- data.frame(degree = sample(c(NA, 0:40), s, TRUE), trait = sample(c("yes", "no", NA), s, TRUE, c(.3, .6, .1)))
  if (any(!is.na(df$degree) & df$degree > 0 & !is.na(df$trait))) try1(rds(id("rds"), df, "yes", "random"))
  s <- sample(c(1, 5, 80), 1); Y <- as.data.frame(lapply(c(p = .5, q = 2, r = 6), function(l) rpois(s, l))); Y$h <- rpois(s, sample(c(0, .2, 3), 1))
  if (sum(Y[, 1:3]) > 0) try1(nsum(id("nsum"), Y, list(p = 4000, q = 17000, r = 51000), "h", 1.5e6, "random", level()))
  days <- sample(1:9, 1); loq <- sample(c(5, 20.5), 1); conc <- round(rexp(days, 1 / 30), 1); conc[runif(days) < .2] <- NA
  req <- list(loq = loq, loq_rule = sample(c("zero", "half", "sqrt2", "loq"), 1)); if (runif(1) < .5) req$factor <- 4.4 else req <- c(req, list(mw_drug = 303.35, mw_residue = 289.33, excretion = .29), if (runif(1) < .5) list(stability = .9))
  try1(ww(id("ww"), conc, round(runif(days, 1e4, 9e4)), sample(c(900, 2e5), 1), req, "random"))
  L <- sample(c(3, 3, 3, 4, 4), 1); if (i %% 20 == 0) L <- 5; H <- cr_hist(L); N <- sample(c(20, 60, 400, 5000), 1); p <- runif(L, .02, .5)
  y <- rmultinom(1, N, c(pmax(0, apply(H, 1, function(h) prod(ifelse(h == 1, p, 1 - p)))), prod(1 - p)))[seq_len(nrow(H)), 1]
  keep <- y > 0 | runif(length(y)) < .5; if (sum(y) > 0) try1(crc(id("crc"), LETTERS[seq_len(L)], apply(H, 1, paste, collapse = "")[keep], y[keep], "random", sample(c("best", "independent", "12"), 1), sample(c(.9, .95), 1)))
}
cat(length(list.files(dir_out, "\\.json$")), "cases,", left, "left out\n")
