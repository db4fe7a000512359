using Microsoft.Extensions.Caching.Distributed;
using ZiggyCreatures.Caching.Fusion.Backplane;

namespace AiAssignments.Pipeline.Caching;

/// <summary>The second level of the caches, which several processes share. May be lost and come back at any time; what it holds is not trusted to be whole.</summary>
public interface ISharedCache
{
    /// <summary>The entries.</summary>
    IDistributedCache Entries { get; }

    /// <summary>Tells other processes what is no longer valid. A new one each call; whoever subscribed it unsubscribes it.</summary>
    IFusionCacheBackplane CreateBackplane();

    /// <summary>Raised when the connection came back after a loss: what others invalidated meanwhile was not heard.</summary>
    event Action? Reconnected;
}
