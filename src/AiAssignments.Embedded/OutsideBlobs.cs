using AiAssignments.Core.Storage;

namespace AiAssignments.Embedded;

/// <summary>A blob store outside of the data folder. Documents and journal stay in the folder, and the two belong together.</summary>
/// <param name="Store">The store.</param>
/// <param name="Place">Which one it is, for a person and for the next start: an address.</param>
/// <param name="AddressOf">Address of a blob, or of a folder with a trailing <c>/</c>, to be shown.</param>
/// <param name="ClaimAsync">
/// Claims the store for the installation of this id before anything in it is touched, and holds it for this process, which is named by machine and data folder; refuses when it is
/// another's, or held by a copy of the folder.
/// </param>
public sealed record OutsideBlobs(IGrowingBlobStore Store, string Place, Func<string, string> AddressOf, Func<Guid, string, CancellationToken, Task<OutsideHold>> ClaimAsync);

/// <summary>A process's hold on a store outside of its data folder.</summary>
/// <param name="ReleaseAsync">Lets it go. Throws nothing.</param>
/// <param name="Lost">Cancelled when another has it.</param>
public sealed record OutsideHold(Func<ValueTask> ReleaseAsync, CancellationToken Lost);
