namespace AiAssignments.Azure.Documents;

/// <summary>Which documents of a partition a page's query asks for.</summary>
internal enum PageScope
{
    /// <summary>All, by id.</summary>
    All,

    /// <summary>Those whose sort property is absent, null, or nothing that has an order; by id.</summary>
    Keyless,

    /// <summary>Those whose sort property is a boolean, a number or a string; by it and by id.</summary>
    Keyed,
}
