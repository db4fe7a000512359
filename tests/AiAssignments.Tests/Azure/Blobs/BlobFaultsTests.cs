using AiAssignments.Azure.Blobs;
using AiAssignments.Azure.Documents;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Storage;
using Azure;
using Azure.Identity;

namespace AiAssignments.Tests.Azure.Blobs;

public sealed class BlobFaultsTests
{
    public static TheoryData<Exception> Passing { get; } =
    [
        new AggregateException(new RequestFailedException(503, "busy"), new TaskCanceledException("no answer in 100 s")),
        new AggregateException(new TaskCanceledException("no answer"), new TaskCanceledException("no answer")),
        new AggregateException(new IOException("reset"), new IOException("reset")),
        new AggregateException(new IOException("reset"), new HttpRequestException("reset")),
        new AggregateException(new IOException("reset"), new RequestFailedException(503, "busy")),
        new AggregateException(new AggregateException(new IOException("reset"))),
        new AuthenticationFailedException("no token", new RequestFailedException(503, "busy")),
        new AuthenticationFailedException("no token", new InvalidOperationException("wrapped", new RequestFailedException(429, "too many"))),
        new AuthenticationFailedException("no token", new HttpRequestException("no such host")),
        new AuthenticationFailedException("no token", new AggregateException(new RequestFailedException(0, "lost"), new RequestFailedException(0, "lost"))),
        new TaskCanceledException("no answer in 100 s"),
    ];

    public static TheoryData<Exception> Lasting { get; } =
    [
        new AuthenticationFailedException("no token", new RequestFailedException(400, "no such client")),
        new AuthenticationFailedException("no token"),
        new CredentialUnavailableException("none here", new AggregateException(new CredentialUnavailableException("no 'az'"), new CredentialUnavailableException("none", new RequestFailedException(0, "no such address")))),
    ];

    [Theory]
    [MemberData(nameof(Passing))]
    public void What_passes_is_tried_again_by_workflows(Exception error) => Assert.IsType<StorageFaultException>(BlobFaults.Translate(error, "a", CancellationToken.None));

    [Theory]
    [MemberData(nameof(Lasting))]
    public void What_does_not_pass_is_said(Exception error)
    {
        Assert.Equal("storage-denied", Assert.IsType<ProblemException>(BlobFaults.Translate(error, "a", CancellationToken.None)).Problem.Code);
        Assert.Equal("storage-forbidden", error.ToProblem("a")!.Problem.Code);
    }

    [Fact]
    public void The_same_holds_for_documents()
    {
        foreach (var error in ((IEnumerable<object[]>)Passing).Select(row => row[0]).OfType<AuthenticationFailedException>())
        {
            Assert.Equal("storage-busy", error.ToProblem("a")!.Problem.Code);
        }

        Assert.Equal("storage-busy", new RequestFailedException(503, "busy").ToProblem("a")!.Problem.Code);
        Assert.Equal("storage-forbidden", new RequestFailedException(400, "no such client").ToProblem("a")!.Problem.Code);
    }

    [Fact]
    public void What_its_caller_stopped_stays_stopped()
    {
        var stopped = new CancellationToken(canceled: true);

        Assert.Null(BlobFaults.Translate(new TaskCanceledException(), "a", stopped));
        Assert.IsType<OperationCanceledException>(BlobFaults.Translate(new AggregateException(new TaskCanceledException()), "a", stopped));
    }
}
