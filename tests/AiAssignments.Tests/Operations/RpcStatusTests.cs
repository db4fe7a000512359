using AiAssignments.Http.Operations;
using Microsoft.AspNetCore.Http;

namespace AiAssignments.Tests.Operations;

public sealed class RpcStatusTests
{
    [Theory]
    [InlineData("0", 200)]
    [InlineData("3", 400)]
    [InlineData("5", 404)]
    [InlineData("12", 404)]
    [InlineData("8", 429)]
    [InlineData("13", 500)]
    [InlineData("14", 503)]
    [InlineData("16", 401)]
    [InlineData("", 499)]
    [InlineData("anything a broken service says", 500)]
    public void A_code_is_the_http_status_of_its_meaning(string code, int status) => Assert.Equal(status, RpcStatus.Of(code));

    [Fact]
    public void Only_answers_of_grpc_have_one()
    {
        var context = new DefaultHttpContext();
        context.Response.ContentType = "application/json";
        context.Response.Headers["grpc-status"] = "13";
        Assert.Null(RpcStatus.Of(context));
        context.Response.ContentType = "application/grpc";
        Assert.Equal(500, RpcStatus.Of(context));
    }
}
