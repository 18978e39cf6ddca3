/** The TeX that draws floats one a page, each page as large as what it holds. It stands behind a paper's `\begin{document}`. */

/** Name of the job; all files of ours begin with it. */
export const JOB = "figloom-job";

/** White beside and above a float, so that what reaches out of its box is not lost; it is trimmed from the picture. */
const BESIDE = "400bp";
const ABOVE = "100bp";

/** What the run says on its terminal before and behind a float, followed by the float's number. */
export const BEGINS = "figloom-begins";
/** Followed by how many groups the float left open as well. */
export const ENDS = "figloom-ends";

/**
 * Captions, labels and the float environments lose their effect, whatever class or package defined them: captions by
 * taking their arguments and printing nothing, floats by only setting the width that they have in the paper. Then
 * `\figloomdraw{3}{boxed}` draws the third float in a box, as floats are; `paged` is for tables that break across
 * pages, which no box can hold: the page is made endless. `\figloomlist` before them typesets the reference list for
 * nothing but the labels of citations, in whatever style the paper has.
 */
export const HARNESS = String.raw`\makeatletter
\long\def\figloom@caption{\par\@ifstar\figloom@short\figloom@short}
\def\figloom@short{\@ifnextchar[\figloom@both\figloom@long}
\long\def\figloom@both[#1]{\figloom@long}
\long\def\figloom@long#1{\ignorespaces}
\long\def\figloom@two#1#2{\ignorespaces}
\let\caption\figloom@caption
\@for\figloom@name:=subcaption,captcont,sidecaption,tablecaption,topcaption,bottomcaption,figcaption,tabcaption\do{%
  \@ifundefined\figloom@name{}{\expandafter\let\csname\figloom@name\endcsname\figloom@caption}}
\def\captionof{\@ifstar\figloom@of\figloom@of}
\def\figloom@of#1{\figloom@caption}
\let\captionlistentry\figloom@short
\let\bicaption\figloom@two
\let\cprotect\relax
\let\phantomcaption\relax
\let\phantomsubcaption\relax
\let\ContinuedFloat\relax
\def\label{\@ifnextchar[\figloom@label\@gobble}
\def\figloom@label[#1]{\@gobble}
\@ifundefined{tbl}{}{\long\def\tbl#1#2{#2}}
\@ifundefined{processtable}{}{\long\def\processtable#1#2#3{#2\par#3}}
\def\LT@caption{\noalign\bgroup\@ifstar\figloom@ltshort\figloom@ltshort}
\def\figloom@ltshort{\@ifnextchar[\figloom@ltboth\figloom@ltlong}
\long\def\figloom@ltboth[#1]{\figloom@ltlong}
\long\def\figloom@ltlong#1{\@ifnextchar\label\figloom@ltlabel\figloom@ltend}
\def\figloom@ltlabel\label#1{\figloom@ltend}
\def\figloom@ltend{\@ifnextchar\\\figloom@ltrow\egroup}
\def\figloom@ltrow\\{\@ifnextchar[\figloom@ltspace\egroup}
\def\figloom@ltspace[#1]{\egroup}
\def\figloom@options#1{\@ifnextchar[{\figloom@option{#1}}{#1}}
\long\def\figloom@option#1[#2]{\figloom@options{#1}}
\long\def\figloom@content#1{\leavevmode\hbox{#1}\ignorespaces}
\long\def\figloom@wide#1#2{\begin{minipage}[b]{#1}\centering#2\end{minipage}\ignorespaces}
\def\subfloat{\@ifstar\figloom@subfloat\figloom@subfloat}
\def\figloom@subfloat{\figloom@options\figloom@content}
\let\sidesubfloat\subfloat
\let\subbottom\subfloat
\def\subcaptionbox{\@ifstar\figloom@captionbox\figloom@captionbox}
\def\figloom@captionbox{\figloom@options\figloom@captioned}
\long\def\figloom@captioned#1{\@ifnextchar[\figloom@inwidth\figloom@content}
\def\figloom@inwidth[#1]{\figloom@options{\figloom@wide{#1}}}
\let\captionbox\subcaptionbox
\def\figloom@sub#1{\def\figloom@name{#1}\ifx\@currenvir\figloom@name\expandafter\minipage\else\expandafter\subfloat\fi}
\def\subfigure{\figloom@sub{subfigure}}
\def\subtable{\figloom@sub{subtable}}
\let\endsubfigure\endminipage
\let\endsubtable\endminipage
\def\figloom@width#1{\par\ifdim#1>\z@\hsize#1\relax\fi\columnwidth\hsize\linewidth\hsize\ignorespaces}
\def\figloom@wrapped#1{\figloom@options\figloom@width}
\def\figloom@float#1#2{\expandafter\def\csname#1\endcsname{\figloom@options{#2}}\expandafter\let\csname end#1\endcsname\par}
\def\figloom@floats#1#2{\@for\figloom@name:=#1\do{\expandafter\figloom@float\expandafter{\figloom@name}{#2}}}
\figloom@floats{figure,table,SCfigure,SCtable,marginfigure,margintable,scheme,chart,plate,suppfigure,extfigure}{\figloom@width\columnwidth}
\figloom@floats{figure*,table*,SCfigure*,SCtable*,scheme*,chart*,teaserfigure,dfigure,widefigure,fullwidthfigure}{\figloom@width\textwidth}
\figloom@floats{sidewaysfigure,sidewaysfigure*,sidewaystable,sidewaystable*,turnfigure}{\figloom@width\textheight}
\figloom@floats{wrapfigure,wrapfigure*,wraptable}{\figloom@wrapped}
\figloom@floats{floatingfigure,floatingtable}{\figloom@width}
\@for\figloom@name:=clearpage,cleardoublepage,newpage,FloatBarrier,onecolumngrid,twocolumngrid\do{%
  \expandafter\let\csname\figloom@name\endcsname\par}
\@ifundefined{tikzexternaldisable}{}{\tikzexternaldisable}
\@ifundefined{nolinenumbers}{}{\nolinenumbers}
\ifnum\pdfoutput>\z@
  \@ifundefined{Ginclude@eps}{\def\Ginclude@eps#1{\@latex@error{PostScript cannot be put into a PDF: #1}\@ehc}}{}
\fi
\def\@captype{figure}
\newbox\figloom@box
\newcount\figloom@level
\@ifundefined{RawShipout}{\let\figloom@shipout\shipout}{\let\figloom@shipout\RawShipout}
\@twocolumnfalse
\everypar{}
\pdfpageattr{}
\pdfpagesattr{}
\output{\global\setbox\figloom@box\vbox{\unvbox\figloom@box\unvbox\@cclv}\global\deadcycles\z@}
\def\figloom@ship{\ifvoid\figloom@box\setbox\figloom@box\hbox{}\fi
  \dimen@\wd\figloom@box\advance\dimen@${BESIDE}\advance\dimen@${BESIDE}\global\pdfpagewidth\dimen@
  \dimen@\ht\figloom@box\advance\dimen@\dp\figloom@box\advance\dimen@${ABOVE}\advance\dimen@${ABOVE}\global\pdfpageheight\dimen@
  \global\pdfhorigin${BESIDE}\global\pdfvorigin${ABOVE}\global\hoffset\z@\global\voffset\z@
  \ifnum\pdfoutput<\@ne
    \global\hoffset\dimexpr${BESIDE}-1in\relax\global\voffset\dimexpr${ABOVE}-1in\relax
  \fi
  \figloom@shipout\box\figloom@box}
\def\figloomdraw#1#2{\par\penalty-\@M\setbox\figloom@box\box\voidb@x
  \global\figloom@level\currentgrouplevel
  \begingroup
    \hsize\columnwidth\@parboxrestore\reset@font\normalsize
    \@@input ${JOB}-setup-#1.tex
    \immediate\write\sixt@@n{${BEGINS} #1}%
    \csname figloom@#2\endcsname{\@@input ${JOB}-float-#1.tex }%
  \endgroup
  \immediate\write\sixt@@n{${ENDS} #1 \the\numexpr\currentgrouplevel-\figloom@level}%
  \figloom@ship}
\def\figloomlist{\begingroup
  \newwrite\figloom@cites
  \immediate\openout\figloom@cites=${JOB}-cites.tex
  \let\@auxout\figloom@cites
  \setbox\z@\vbox{\@@input ${JOB}-list.tex }%
  \immediate\closeout\figloom@cites
  \def\bibcite##1##2{\global\@namedef{b@##1\ifcsname @extra@binfo\endcsname\@extra@binfo\fi}{##2}}%
  \makeatletter\@@input ${JOB}-cites.tex
  \endgroup}
\long\def\figloom@boxed#1{\global\setbox\figloom@box\vbox{#1\par}}
\long\def\figloom@paged#1{\vsize\maxdimen\@colht\vsize\@colroom\vsize\textheight\vsize#1\par\penalty-\@M}
\makeatother
`;
