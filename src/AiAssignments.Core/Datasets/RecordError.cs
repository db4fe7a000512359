namespace AiAssignments.Core.Datasets;

/// <summary>A record that cannot be scored. It is counted and shown in the report, and does not stop the run unless the error threshold is passed.</summary>
/// <param name="Position">Where it stands.</param>
/// <param name="Code">Stable kebab-case code, for example <c>csv-ragged-row</c>.</param>
/// <param name="Message">What is wrong and what is needed.</param>
public sealed record RecordError(RecordPosition Position, string Code, string Message);
