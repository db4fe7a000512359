namespace AiAssignments.Http.Uploads;

/// <summary>A model version just registered, as the API shows it.</summary>
internal sealed record UploadedModel(
    string Name,
    string Version,
    string Task,
    IReadOnlyList<string> Labels,
    bool Active,
    long SizeBytes,
    long Parameters,
    string ContentHash,
    DateTimeOffset RegisteredAt);
