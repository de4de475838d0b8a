## Times the survey statistics of bench_test.go in R survey on the same sample: CPU time of one estimation in nanoseconds, the least of five runs, and its result.
suppressMessages(library(survey)); options(warn = -1)
i <- 0:99999; psu <- i %/% 500
x <- data.frame(psu = psu, s = i %/% 5000, w = 1 + (i * 37) %% 101 / 10, used = as.numeric((i * 7919) %% 1009 + (psu * 13) %% 89 < 300), days = (i * 31) %% 977 + (psu * 17) %% 53)
design <- function() svydesign(ids = ~psu, strata = ~s, weights = ~w, data = x, nest = TRUE)
d <- design(); u <- subset(d, used == 1)
time <- function(name, runs, f, value = coef, se = SE) {
  r <- f(); v <- as.numeric(value(r))[1]; s <- as.numeric(se(r))[1]
  best <- min(replicate(5, { t <- proc.time(); for (i in seq_len(runs)) f(); sum((proc.time() - t)[1:2]) }))
  cat(name, format(best / runs * 1e9, digits = 6, scientific = FALSE), sprintf("%.12g %.12g", v, s), "\n") }
time("DesignAndMean", 1, function() svymean(~days, design()))
time("Mean", 3, function() svymean(~days, d))
time("Total", 3, function() svytotal(~used, d))
time("Proportion", 1, function() svyciprop(~used, d, method = "xlogit"), se = function(r) sqrt(as.numeric(attr(r, "var"))))
time("DomainMean", 1, function() svymean(~days, subset(d, used == 1)))
time("Ratio", 3, function() svyratio(~days, ~used, d))
time("Median", 1, function() svyquantile(~days, d, .5, qrule = "math", interval.type = "mean"), value = function(r) r[[1]][1, 1], se = function(r) r[[1]][1, 4])
## All 1,024 log-linear models of five lists; the result is the second, with the dependence of lists 1 and 2.
H <- as.matrix(expand.grid(rep(list(0:1), 5)))[-1, ]; y <- apply(H, 1, function(h) { n <- 4000; for (i in 1:5) if (h[i] == 1) n <- n %/% (6 + i); n })
pairs <- combn(5, 2, simplify = FALSE)
models <- function() lapply(0:1023, function(b) {
  X <- cbind(1, H); for (p in pairs[bitwAnd(b, 2^(0:9)) > 0]) X <- cbind(X, H[, p[1]] * H[, p[2]])
  f <- glm.fit(X, y, family = poisson(), control = list(epsilon = 1e-14, maxit = 200)); V <- if (b == 1) chol2inv(chol(crossprod(X * sqrt(f$fitted.values))))[1, 1] else NA; b0 <- f$coefficients[1]
  c(sum(y) + exp(b0), sqrt(exp(b0) + exp(2 * b0) * V)) })
time("FiveLists", 1, models, value = function(r) r[[2]][1], se = function(r) r[[2]][2])
