using System.Collections.Concurrent;
using System.IO.Hashing;

namespace AiAssignments.Pipeline.Uploads;

/// <summary>One writer at a time for each upload, and the hash of what was received so far, which lives as long as the process does.</summary>
internal sealed class UploadLanes
{
    private readonly ConcurrentDictionary<string, Lane> lanes = new(StringComparer.Ordinal);

    /// <summary>Takes an upload for oneself; <c>null</c> when someone has it. Never waits.</summary>
    public Lane? TryEnter(string id)
    {
        var lane = lanes.GetOrAdd(id, static (key, owner) => new Lane(owner, key), this);
        return lane.TryTake() ? lane : null;
    }

    /// <summary>Whether someone has it at the moment.</summary>
    public bool IsTaken(string id) => lanes.TryGetValue(id, out var lane) && lane.Taken;

    /// <summary>Forgets the hash of an upload that is over.</summary>
    private void Forget(Lane lane) => lanes.TryRemove(KeyValuePair.Create(lane.Id, lane));

    internal sealed class Lane(UploadLanes owner, string id) : IDisposable
    {
        private int taken;
        private bool over;

        public string Id => id;

        public bool Taken => Volatile.Read(ref taken) == 1;

        /// <summary>Hash of the first <see cref="HashedTo"/> bytes.</summary>
        public XxHash128 Hash { get; private set; } = new();

        /// <summary>Bytes that <see cref="Hash"/> was given.</summary>
        public long HashedTo { get; private set; }

        /// <summary>Whether the hash can go on from here. It cannot after a restart: the bytes are read once more at the end then.</summary>
        public bool CanHashFrom(long offset) => offset == HashedTo;

        public void Hashed(XxHash128 hash, long length) => (Hash, HashedTo) = (hash, length);

        public bool TryTake() => !over && Interlocked.CompareExchange(ref taken, 1, 0) == 0;

        /// <summary>The upload is over: nobody enters this lane again.</summary>
        public void End()
        {
            over = true;
            owner.Forget(this);
        }

        public void Dispose() => Volatile.Write(ref taken, 0);
    }
}
