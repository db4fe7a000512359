using System.Text.RegularExpressions;
using AiAssignments.Core.Errors;
using AiAssignments.Evaluation.Reports;
using AiAssignments.Http.Requests;
using AiAssignments.Http.Routing;
using AiAssignments.Pipeline.Access;

namespace AiAssignments.Http.Pages;

/// <summary>The dashboard at <c>/</c>, and its files under their fingerprint.</summary>
/// <param name="folder">Where they lie.</param>
internal sealed partial class PageRoutes(PageFolder folder) : IGatewayRoutes
{
    // A report that is handed to a frame as a blob, because a frame cannot send a key, is held to the page's policy beside its own: so its one style sheet is named here, by its hash.
    private static readonly string Policy =
        $"default-src 'none'; script-src 'self'; style-src 'self' {StyleHash().Match(HtmlReport.ContentSecurityPolicy).Value}; connect-src 'self'; img-src 'self' data: blob:; frame-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private readonly FileBundle files = FileBundle.OfFolder(folder.Path, "/assets");

    public IReadOnlyList<GatewayRoute> Routes =>
    [
        new("Page", HttpMethods.Get, string.Empty, AccessScope.Anonymous, _ => Task.FromResult<IResult>(new PageAnswer(files.Index, forever: false, Policy)))
        {
            Summary = "The dashboard.",
            Tag = "Pages",
            ResponseType = "text/html",
            ResponseExample = "\"<!doctype html>\"",
        },
        new("PageFile", HttpMethods.Get, "assets/{fingerprint}/{**path}", AccessScope.Anonymous, FileAsync)
        {
            Summary = "A file of the dashboard; it never changes under its name.",
            Tag = "Pages",
            ResponseType = "*/*",
            ResponseExample = "\"export const name = 1;\"",
            Problems = ["file-not-found"],
        },
    ];

    private Task<IResult> FileAsync(HttpContext context) => files.Find(context.Route("fingerprint"), context.Route("path")) is { } file
        ? Task.FromResult<IResult>(new PageAnswer(file, forever: true, policy: null))
        : throw new ProblemException("file-not-found", "The page has no such file in this version; load it anew.");

    [GeneratedRegex("'sha256-[^']+'", RegexOptions.CultureInvariant)]
    private static partial Regex StyleHash();
}
