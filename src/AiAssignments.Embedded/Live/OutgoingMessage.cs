namespace AiAssignments.Embedded.Live;

/// <summary>A text message on its way to clients; the bytes are shared by all of them and never changed.</summary>
/// <param name="Bytes">UTF-8 JSON.</param>
/// <param name="Key">What it is the state of, for example a job in a group: in a full queue a newer message takes the place of an older one with the same key. <c>null</c>: it stands for itself.</param>
internal readonly record struct OutgoingMessage(ReadOnlyMemory<byte> Bytes, string? Key = null);
