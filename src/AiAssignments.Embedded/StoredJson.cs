using System.Text.Json;
using AiAssignments.Core.Storage;

namespace AiAssignments.Embedded;

/// <summary>How journal payloads are written: as documents are (<see cref="DocumentJson"/>).</summary>
public static class StoredJson
{
    /// <summary>The options. Not to be changed.</summary>
    public static JsonSerializerOptions Options => DocumentJson.Options;
}
