public class MnistCnn : nn.Module<Tensor, Tensor>
{
    private nn.Module<Tensor, Tensor> conv1 = nn.Conv2d(1, 32, 3);
    private nn.Module<Tensor, Tensor> conv2 = nn.Conv2d(32, 64, 3);
    private nn.Module<Tensor, Tensor> fc1 = nn.Linear(9216, 128);
    private nn.Module<Tensor, Tensor> fc2 = nn.Linear(128, 10);
    private nn.Module<Tensor, Tensor> pool1 = nn.MaxPool2d(kernel_size: new long[] { 2, 2 });
    private nn.Module<Tensor, Tensor> relu1 = nn.ReLU();
    private nn.Module<Tensor, Tensor> relu2 = nn.ReLU();
    private nn.Module<Tensor, Tensor> relu3 = nn.ReLU();
    private nn.Module<Tensor, Tensor> dropout1 = nn.Dropout(0.25);
    private nn.Module<Tensor, Tensor> dropout2 = nn.Dropout(0.5);
    private nn.Module<Tensor, Tensor> flatten = nn.Flatten();
    private nn.Module<Tensor, Tensor> logsm = nn.LogSoftmax(1);

    public MnistCnn(string name, Device? device = null)
        : base(name)
    {
        RegisterComponents();
        if (device is not null)
        {
            this.to(device);
        }
    }

    public override Tensor forward(Tensor input)
    {
        using var _ = NewDisposeScope();
        var l11 = conv1.call(input);
        var l12 = relu1.call(l11);
        var l21 = conv2.call(l12);
        var l22 = relu2.call(l21);
        var l23 = pool1.call(l22);
        var l24 = dropout1.call(l23);
        var x = flatten.call(l24);
        var l31 = fc1.call(x);
        var l32 = relu3.call(l31);
        var l33 = dropout2.call(l32);
        var l41 = fc2.call(l33);
        return logsm.call(l41).MoveToOuterDisposeScope();
    }
}
