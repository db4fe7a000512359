using System.Text;
using AiAssignments.Core.Errors;

namespace AiAssignments.Embedded.Documents;

/// <summary>A property's path as SQLite's JSON functions want it. Only names go through: letters, digits, <c>_</c> and <c>-</c>, 1..100 characters, at most 16 deep.</summary>
internal static class DocumentPath
{
    public static string ToJsonPath(string property)
    {
        var names = property.Split('.');
        if (names.Length > 16 || !names.All(IsName))
        {
            throw new ProblemException("query-invalid", "A property is a path of names of letters, digits, '_' and '-', separated by dots, for example 'quality.accuracy'.", property.Length > 100 ? property[..100] + "..." : property);
        }

        var path = new StringBuilder("$");
        foreach (var name in names)
        {
            path.Append(".\"").Append(name).Append('"');
        }

        return path.ToString();
    }

    private static bool IsName(string name) => name.Length is > 0 and <= 100 && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');
}
