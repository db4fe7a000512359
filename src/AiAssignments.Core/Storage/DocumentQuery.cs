namespace AiAssignments.Core.Storage;

/// <summary>A query inside one partition. Properties are named by their JSON path in camelCase, for example <c>status</c> or <c>quality.accuracy</c>.</summary>
public sealed record DocumentQuery
{
    /// <summary>Equality and range filters, all of which must hold.</summary>
    public IReadOnlyList<DocumentFilter> Filters { get; init; } = [];

    /// <summary>Property to sort by; the id when <c>null</c>.</summary>
    public string? OrderBy { get; init; }

    /// <summary>Sort downwards.</summary>
    public bool Descending { get; init; }

    /// <summary>Items a page, 1..1000. Default 100.</summary>
    public int PageSize { get; init; } = 100;

    /// <summary>Token of the page before.</summary>
    public string? Continuation { get; init; }
}

/// <summary>One condition on a property.</summary>
/// <param name="Property">JSON path in camelCase.</param>
/// <param name="Operator"><c>=</c>, <c>&lt;</c>, <c>&lt;=</c>, <c>&gt;</c> or <c>&gt;=</c>.</param>
/// <param name="Value">A string, a number (double or long) or a bool.</param>
public sealed record DocumentFilter(string Property, string Operator, object Value);
