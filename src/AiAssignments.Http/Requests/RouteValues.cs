using System.Globalization;
using AiAssignments.Core.Errors;
using AiAssignments.Pipeline.Gateway;

namespace AiAssignments.Http.Requests;

/// <summary>What a request says in its path and query.</summary>
public static class RouteValues
{
    private const int LongestValue = 1024;

    /// <summary>A value of the path, decoded. Hostile: it may hold anything, also slashes.</summary>
    /// <param name="context">The request.</param>
    /// <param name="name">Its name in the route's template.</param>
    /// <exception cref="ProblemException"><c>route-not-found</c>: it is longer than any name here.</exception>
    public static string Route(this HttpContext context, string name)
    {
        var value = (string?)context.Request.RouteValues[name] ?? string.Empty;
        return value.Length <= LongestValue ? value : throw new ProblemException("route-not-found", $"The {name} has {value.Length} characters; none here has more than {LongestValue}.");
    }

    /// <summary>A query parameter; <c>null</c> when it is absent or empty.</summary>
    /// <param name="context">The request.</param>
    /// <param name="name">Its name.</param>
    /// <exception cref="ProblemException"><c>query-invalid</c>: it is given twice or is too long.</exception>
    public static string? Query(this HttpContext context, string name)
    {
        if (!context.Request.QueryString.HasValue)
        {
            return null;
        }

        var values = context.Request.Query[name];
        if (values.Count > 1)
        {
            throw new ProblemException("query-invalid", "The parameter is given more than once.", name);
        }

        var value = values.ToString();
        if (value.Length > 4 * LongestValue && name != "continuation")
        {
            throw new ProblemException("query-invalid", $"The parameter has {value.Length} characters; the most is {4 * LongestValue}.", name);
        }

        return value.Length == 0 ? null : value;
    }

    /// <summary>A number in the query.</summary>
    /// <param name="context">The request.</param>
    /// <param name="name">Its name.</param>
    /// <param name="least">Least value.</param>
    /// <param name="most">Most.</param>
    /// <exception cref="ProblemException"><c>option-out-of-range</c>.</exception>
    public static int? WholeNumber(this HttpContext context, string name, int least, int most)
    {
        if (context.Query(name) is not { } text)
        {
            return null;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new ProblemException("option-out-of-range", $"It is '{Short(text)}'; it must be a whole number from {least} to {most}.", name);
    }

    /// <summary>A share in the query.</summary>
    /// <param name="context">The request.</param>
    /// <param name="name">Its name.</param>
    /// <exception cref="ProblemException"><c>option-out-of-range</c>.</exception>
    public static double? Share(this HttpContext context, string name)
    {
        if (context.Query(name) is not { } text)
        {
            return null;
        }

        return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number is >= 0 and <= 1
            ? number
            : throw new ProblemException("option-out-of-range", $"It is '{Short(text)}'; it must be a number from 0 to 1.", name);
    }

    /// <summary>Which page of a list is asked for.</summary>
    /// <param name="context">The request.</param>
    /// <param name="sorts">Names that it may be sorted by.</param>
    /// <param name="usual">The order when none is asked for.</param>
    /// <exception cref="ProblemException"><c>option-out-of-range</c>; <c>sort-unknown</c>.</exception>
    public static PageRequest Page(this HttpContext context, IReadOnlyList<string> sorts, string usual)
    {
        var sort = context.Query("sort") ?? usual;
        var descending = sort.StartsWith('-');
        var by = descending ? sort[1..] : sort;
        if (!sorts.Contains(by))
        {
            throw new ProblemException("sort-unknown", $"'{Short(sort)}' is not an order of this list; use {string.Join(", ", sorts)}, with a leading - for the last first.", "sort");
        }

        return new PageRequest(by, descending, context.WholeNumber("pageSize", 1, 1000) ?? 100, context.Query("continuation"));
    }

    private static string Short(string text) => text.Length <= 100 ? text : text[..100] + "...";
}
