using SourceNet.Analyzers.Authoring;

namespace SourceNet.Analyzers.Tests.Authoring;

public class ElementTypeTests
{
    [Fact]
    public Task The_message_says_what_to_read() => Code<ElementType>.Reports(
        Read("var y = torch.zeros(3, dtype: torch.float32); return {|SN5013:y.data<double>()|}[0];"),
        "'y' holds Float32, so data<double>() throws. Read data<float>(), or convert the tensor first.");

    [Theory]
    [InlineData("return {|SN5013:x.argmax().data<int>()|}[0];")]
    [InlineData("return {|SN5013:x.to(ScalarType.Int64).data<float>()|}[0];")]
    [InlineData("using var y = x.to_type(float64); return {|SN5013:y.data<float>()|}[0];")]
    [InlineData("var y = x.argmax(1).cpu(); return {|SN5013:y.data<int>()|}[0];")]
    [InlineData("return {|SN5013:x.argmax(1).to(CPU).data<int>()|}[0];")]
    [InlineData("using var y = x.to(ScalarType.Float64); using var z = y.detach().flatten(); return {|SN5013:z.data<float>()|}[0];")]
    public Task Another_type_than_the_one_that_is_written_there_is_reported(string body) => Code<ElementType>.Reports(Read(body));

    [Theory]
    [InlineData("return x.data<double>()[0];")]
    [InlineData("return torch.zeros(3).data<double>()[0];")]
    [InlineData("return torch.zeros(3, dtype: float64).data<double>()[0];")]
    [InlineData("return x.argmax().data<long>()[0];")]
    [InlineData("var y = x.to(float32); y = x; return y.data<double>()[0];")]
    [InlineData("var y = torch.zeros(3, dtype: x.dtype); return y.data<double>()[0];")]
    [InlineData("return x.argmax(1).to(CPU).data<long>()[0];")]
    [InlineData("return x.argmax(1).to(x.dtype, CPU).data<double>()[0];")]
    [InlineData("return x.argmax(1).to(x).data<double>()[0];")]
    public Task The_right_type_or_an_unknown_one_is_silent(string body) => Code<ElementType>.IsSilent(Read(body));

    private static string Read(string body) => $"class Reader {{ double Read(Tensor x) {{ {body} }} }}";
}
