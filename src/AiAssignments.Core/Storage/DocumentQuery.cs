using System.Security.Cryptography;
using System.Text.Json;
using AiAssignments.Core.Errors;

namespace AiAssignments.Core.Storage;

/// <summary>A query inside one partition. Properties are named by their JSON path in camelCase, for example <c>status</c> or <c>quality.accuracy</c>.</summary>
public sealed record DocumentQuery
{
    private const int MostFilters = 50;

    /// <summary>Equality and range filters, all of which must hold. 50 at most.</summary>
    public IReadOnlyList<DocumentFilter> Filters { get; init; } = [];

    /// <summary>Property to sort by; the id when <c>null</c>.</summary>
    public string? OrderBy { get; init; }

    /// <summary>Sort downwards.</summary>
    public bool Descending { get; init; }

    /// <summary>Items a page, 1..1000. Default 100.</summary>
    public int PageSize { get; init; } = 100;

    /// <summary>Token of the page before.</summary>
    public string? Continuation { get; init; }

    /// <summary>Refuses a query that no store answers. Stores call it before anything else.</summary>
    /// <exception cref="ProblemException"><c>query-invalid</c>.</exception>
    public void Check()
    {
        if (PageSize is < 1 or > 1000 || Filters.Count > MostFilters)
        {
            throw new ProblemException("query-invalid", $"A page has 1 to 1000 items, and a query at most {MostFilters} filters.");
        }

        foreach (var filter in Filters)
        {
            filter.Check();
        }

        if (OrderBy is { } order)
        {
            DocumentProperty.Names(order);
        }
    }

    /// <summary>What a continuation token belongs to: 16 hexadecimal digits over place, filters and order, the page's size and token left out.</summary>
    /// <param name="container">Container name.</param>
    /// <param name="partition">Partition key.</param>
    public string Fingerprint(string container, string partition)
    {
        var text = JsonSerializer.SerializeToUtf8Bytes(new { container, partition, Filters, OrderBy, Descending }, DocumentJson.Options);
        return Convert.ToHexStringLower(SHA256.HashData(text).AsSpan(0, 8));
    }
}

/// <summary>One condition on a property. It holds only for values of its own type.</summary>
/// <param name="Property">JSON path in camelCase.</param>
/// <param name="Operator"><c>=</c>, <c>&lt;</c>, <c>&lt;=</c>, <c>&gt;</c> or <c>&gt;=</c>.</param>
/// <param name="Value">A string, a finite number (double or long) or a bool.</param>
public sealed record DocumentFilter(string Property, string Operator, object Value)
{
    /// <summary>Refuses a condition that is none.</summary>
    /// <exception cref="ProblemException"><c>query-invalid</c>.</exception>
    public void Check()
    {
        DocumentProperty.Names(Property);
        if (Operator is not ("=" or "<" or "<=" or ">" or ">="))
        {
            throw new ProblemException("query-invalid", "A filter's operator is one of =, <, <=, > and >=.", Property);
        }

        if (Value is not (string or bool or int or long) && !(Value is double number && double.IsFinite(number)))
        {
            throw new ProblemException("query-invalid", "A filter's value is a string, a finite number or a bool.", Property);
        }
    }
}
