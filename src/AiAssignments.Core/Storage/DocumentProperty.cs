using AiAssignments.Core.Errors;

namespace AiAssignments.Core.Storage;

/// <summary>Names of properties, which go into a store's query text. Only names do: letters, digits, <c>_</c> and <c>-</c>, 1..100 characters, at most 16 deep.</summary>
public static class DocumentProperty
{
    private const int MostNames = 16;
    private const int MostCharacters = 100;

    /// <summary>The names on the way to a property, the outermost first.</summary>
    /// <param name="property">JSON path in camelCase, for example <c>quality.accuracy</c>.</param>
    /// <exception cref="ProblemException"><c>query-invalid</c>: it is none.</exception>
    public static IReadOnlyList<string> Names(string property)
    {
        var names = property.Length <= MostNames * (MostCharacters + 1) ? property.Split('.') : [];
        return names.Length is > 0 and <= MostNames && names.All(IsName)
            ? names
            : throw new ProblemException(
                "query-invalid",
                "A property is a path of names of letters, digits, '_' and '-', separated by dots, for example 'quality.accuracy'.",
                property.Length > MostCharacters ? property[..MostCharacters] + "..." : property);
    }

    private static bool IsName(string name) =>
        name.Length is > 0 and <= MostCharacters && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');
}
