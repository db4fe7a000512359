using AiAssignments.Core.Storage;

namespace AiAssignments.Embedded.Documents;

/// <summary>A property's path as SQLite's JSON functions want it.</summary>
internal static class DocumentPath
{
    public static string ToJsonPath(string property) => "$" + string.Concat(DocumentProperty.Names(property).Select(name => $".\"{name}\""));
}
