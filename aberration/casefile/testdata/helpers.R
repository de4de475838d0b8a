## Shared by gen_golden.R beside it and by ../../testdata/gen_worked_examples.R
suppressMessages(library(surveillance))
options(warn = 1)
RNGkind("Mersenne-Twister", "Inversion", "Rejection")

## -- a small JSON writer that keeps doubles exactly (shortest of %.15g/%.16g/%.17g
##    that reads back to the same double). NA/NaN -> null, +-Inf -> "Inf"/"-Inf".
num <- function(x) {
  x <- as.numeric(x); x[!is.na(x) & x == 0] <- 0
  s <- sprintf("%.15g", x)
  for (p in c("%.16g", "%.17g")) {
    bad <- is.finite(x) & (suppressWarnings(as.numeric(s)) != x)
    if (any(bad)) s[bad] <- sprintf(p, x[bad])
  }
  s[is.na(x)] <- "null"
  s[is.infinite(x)] <- ifelse(x[is.infinite(x)] > 0, "\"Inf\"", "\"-Inf\"")
  s
}
str1 <- function(x) {
  x <- gsub("\\", "\\\\", x, fixed = TRUE); x <- gsub("\"", "\\\"", x, fixed = TRUE)
  x <- gsub("\n", "\\n", x, fixed = TRUE)
  ifelse(is.na(x), "null", paste0("\"", x, "\""))
}
arr <- function(x) structure(list(x), class = "jsonarr")   # force an array
atoms <- function(x) {
  if (is.logical(x)) ifelse(is.na(x), "null", ifelse(x, "true", "false"))
  else if (is.numeric(x)) num(x) else str1(as.character(x))
}
toj <- function(x, ind = "") {
  if (is.null(x)) return("null")
  if (inherits(x, "jsonarr")) return(paste0("[", paste(atoms(x[[1]]), collapse = ","), "]"))
  if (is.list(x)) {
    if (length(x) == 0) return("{}")
    ind2 <- paste0(ind, " ")
    return(paste0("{\n", paste0(ind2, "\"", names(x), "\": ",
      vapply(x, toj, "", ind = ind2), collapse = ",\n"), "\n", ind, "}"))
  }
  if (length(x) == 1) return(atoms(x))
  paste0("[", paste(atoms(x), collapse = ","), "]")
}

## -- series -----------------------------------------------------------------
getdata <- function(name) {
  e <- new.env(); data(list = name, package = "surveillance", envir = e)
  x <- get(name, envir = e)
  if (inherits(x, "disProg")) x <- disProg2sts(x)
  x
}
## one univariate series of a packaged data set: col = name/number, or "sum" over all
real <- function(name, col = NULL) {
  x <- getdata(name)
  if (identical(col, "sum")) {
    lab <- paste0(name, "/sum"); x <- aggregate(x, by = "unit")
  } else if (!is.null(col)) {
    lab <- paste0(name, "/", if (is.numeric(col)) colnames(x)[col] else col); x <- x[, col]
  } else lab <- name
  attr(x, "label") <- lab
  attr(x, "source") <- paste0("R package surveillance 1.20.3, data(", name, ")")
  x
}
simul <- function(label, y, freq = 52, start = c(2010, 1), pop = NULL, dates = NULL, note = "") {
  if (is.null(dates)) {
    x <- sts(observed = matrix(y, ncol = 1), start = start, frequency = freq,
             population = if (is.null(pop)) NULL else matrix(pop, ncol = 1))
  } else {
    x <- sts(observed = matrix(y, ncol = 1), start = start, frequency = freq,
             epoch = as.numeric(dates), epochAsDate = TRUE,
             population = if (is.null(pop)) NULL else matrix(pop, ncol = 1))
  }
  attr(x, "label") <- label
  attr(x, "source") <- paste0("simulated by this script", if (nzchar(note)) paste0(": ", note) else "")
  x
}
## negative binomial noise with variance phi*mu (phi = 1: Poisson)
rqp <- function(mu, phi) if (phi == 1) rpois(length(mu), mu) else
  rnbinom(length(mu), size = mu / (phi - 1), mu = mu)
mus <- function(n, theta, beta = 0, g1 = 0, g2 = 0, m = 1, freq = 52) {
  t <- seq_len(n); e <- theta + beta * t
  for (j in seq_len(m)) e <- e + g1 * cos(2 * pi * j * t / freq) + g2 * sin(2 * pi * j * t / freq)
  exp(e)
}
inject <- function(y, starts, sizes) {
  for (i in seq_along(starts)) {
    w <- starts[i] + floor(rlnorm(sizes[i], 0, 0.5)); w <- w[w <= length(y)]
    tb <- table(w); y[as.integer(names(tb))] <- y[as.integer(names(tb))] + as.integer(tb)
  }
  y
}
seriesj <- function(x) {
  p <- population(x)[, 1]
  list(label = attr(x, "label"), source = attr(x, "source"),
       frequency = x@freq, start = arr(as.integer(x@start)),
       epoch_as_date = x@epochAsDate,
       epoch = if (x@epochAsDate) arr(format(as.Date(x@epoch, origin = "1970-01-01"))) else NULL,
       observed = arr(as.numeric(observed(x)[, 1])),
       population = if (all(p == 1)) NULL else arr(p),
       state = if (any(x@state != 0)) arr(as.integer(x@state[, 1])) else NULL)
}

## -- running ------------------------------------------------------------------
## IRLS sensitivity: rerun with glm's epsilon 1e-14 in place of 1e-8 and report the
## largest relative change. It tells how closely anyone who solves the same GLM
## with another stopping rule can be asked to agree with R.
tight_glm <- function(on) {
  f <- stats::glm.control; formals(f)$epsilon <- if (on) 1e-14 else 1e-8
  formals(f)$maxit <- if (on) 100 else 25
  ns <- asNamespace("stats"); unlockBinding("glm.control", ns); assign("glm.control", f, envir = ns)
}
reld <- function(a, b) {
  ok <- is.finite(a) & is.finite(b); if (!any(ok)) return(0)
  max(abs(a - b)[ok] / pmax(1e-8, abs(a[ok])))
}
lab_ctl <- function(ctl) {
  long <- vapply(ctl, function(v) is.numeric(v) && length(v) > 4 && !all(diff(v) == 1), NA)
  for (n in names(ctl)[long]) ctl[[n]] <- as.name(paste0(".", n, "_in_control_inputs"))
  gsub("[ ]+", " ", paste(deparse(ctl, width.cutoff = 500L), collapse = " "))
}
ctlj <- function(ctl) {
  ctl$range <- NULL
  lapply(ctl, function(v) if (is.function(v)) paste(deparse(v), collapse = " ")
         else if (is.numeric(v) && length(v) != 1) arr(v) else if (is.list(v)) lapply(v, identity) else v)
}
OUT <- "."; MANIFEST <- list()
emit <- function(id, method, call, x, range, control, output, warns, extra = NULL) {
  j <- c(list(schema = "aberration-golden/1", id = id, method = method, r_call = call,
              r_version = paste0(R.version$major, ".", R.version$minor),
              surveillance_version = as.character(packageVersion("surveillance")),
              warnings = arr(unique(warns)), series = seriesj(x),
              range = arr(range(range)), control = control, output = output), extra)
  writeLines(toj(j), file.path(OUT, paste0(id, ".json")))
  al <- output$alarm[[1]]
  MANIFEST[[id]] <<- data.frame(id = id, method = method, series = attr(x, "label"),
    points = length(al), alarms = sum(al, na.rm = TRUE), undefined = sum(is.na(output$upperbound[[1]])),
    call = call)
  cat(sprintf("%-46s points %4d alarms %3d\n", id, length(al), sum(al, na.rm = TRUE)))
}
withw <- function(expr) {
  w <- character(); v <- withCallingHandlers(expr,
    warning = function(c) { w <<- c(w, conditionMessage(c)); invokeRestart("muffleWarning") },
    message = function(c) invokeRestart("muffleMessage"))
  list(v = v, w = w)
}
B <- function(x) arr(as.logical(x)); V <- function(x) arr(as.numeric(x))
