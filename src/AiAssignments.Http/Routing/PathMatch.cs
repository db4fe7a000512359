using Microsoft.AspNetCore.Routing.Template;

namespace AiAssignments.Http.Routing;

/// <summary>Whether a path fits a route's template.</summary>
internal static class PathMatch
{
    public static bool Fits(string template, PathString path) =>
        new TemplateMatcher(TemplateParser.Parse(template), []).TryMatch(path.HasValue ? path : "/", []);
}
