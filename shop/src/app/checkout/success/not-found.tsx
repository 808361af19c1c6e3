export { default } from "#/ui/receipt/OrderNotShown.tsx";
